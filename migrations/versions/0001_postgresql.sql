CREATE TABLE access_log (
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    person_id UUID,
    org_id UUID,
    action VARCHAR NOT NULL,
    object_kind VARCHAR NOT NULL,
    object_id VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    detail TEXT NOT NULL,
    CONSTRAINT pk_access_log PRIMARY KEY (id)
);

CREATE INDEX ix_access_log_at ON access_log (at);

CREATE INDEX ix_access_log_object ON access_log (object_kind, object_id, at);

CREATE INDEX ix_access_log_person_id ON access_log (person_id);

CREATE TABLE artefact (
    sha256 VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    content BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    CONSTRAINT pk_artefact PRIMARY KEY (sha256)
);

CREATE TABLE calendar_day (
    day DATE NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    provisional BOOLEAN NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_calendar_day PRIMARY KEY (day)
);

CREATE TABLE checkpoint (
    number INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    root VARCHAR NOT NULL,
    chains BIGINT NOT NULL,
    previous VARCHAR NOT NULL,
    body BYTEA NOT NULL,
    signature BYTEA,
    key_id VARCHAR,
    sent_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_checkpoint PRIMARY KEY (number)
);

CREATE TABLE command_key (
    actor_id UUID NOT NULL,
    key VARCHAR NOT NULL,
    request_hash VARCHAR NOT NULL,
    case_id UUID,
    result TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_command_key PRIMARY KEY (actor_id, key)
);

CREATE INDEX ix_command_key_at ON command_key (at);

CREATE TABLE dictionary (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    parent_code VARCHAR,
    valid_from DATE,
    valid_to DATE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_dictionary PRIMARY KEY (id),
    CONSTRAINT uq_dictionary_name_code UNIQUE (name, code)
);

CREATE TABLE hazard_template (
    id UUID NOT NULL,
    code VARCHAR NOT NULL,
    industry VARCHAR,
    checklist_item VARCHAR,
    place VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    hazard_class VARCHAR NOT NULL,
    cause VARCHAR NOT NULL,
    accident_kind VARCHAR,
    basis_clause VARCHAR NOT NULL,
    suggestion VARCHAR NOT NULL,
    valid_from DATE,
    valid_to DATE,
    bigrams VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_hazard_template PRIMARY KEY (id),
    CONSTRAINT uq_hazard_template_code UNIQUE (code)
);

CREATE INDEX ix_hazard_template_checklist_item ON hazard_template (checklist_item);

CREATE INDEX ix_hazard_template_industry ON hazard_template (industry);

CREATE TABLE job (
    id UUID NOT NULL,
    key VARCHAR,
    kind VARCHAR NOT NULL,
    args TEXT NOT NULL,
    state VARCHAR NOT NULL,
    run_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempt INTEGER NOT NULL,
    token UUID,
    lease_until TIMESTAMP WITH TIME ZONE,
    last_error VARCHAR NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT uq_job_key UNIQUE (key)
);

CREATE INDEX ix_job_ready ON job (run_at, id) WHERE state IN ('ready', 'running');

CREATE TABLE login_throttle (
    key VARCHAR NOT NULL,
    failures INTEGER NOT NULL,
    last_failed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_login_throttle PRIMARY KEY (key)
);

CREATE TABLE message (
    id UUID NOT NULL,
    key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    correlation VARCHAR NOT NULL,
    target_process VARCHAR,
    payload TEXT NOT NULL,
    sender_case_id UUID,
    state VARCHAR NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    keep_until TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    receiver_case_id UUID,
    CONSTRAINT pk_message PRIMARY KEY (id),
    CONSTRAINT uq_message_key UNIQUE (key)
);

CREATE INDEX ix_message_keep_until ON message (keep_until);

CREATE INDEX ix_message_sender_case_id ON message (sender_case_id);

CREATE INDEX ix_message_waiting ON message (name, correlation, state);

CREATE TABLE organization (
    id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    code VARCHAR,
    uscc VARCHAR,
    region_code VARCHAR,
    zone_code VARCHAR,
    industry VARCHAR,
    phone VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    bigrams VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_organization PRIMARY KEY (id),
    CONSTRAINT uq_organization_code UNIQUE (code),
    CONSTRAINT uq_organization_uscc UNIQUE (uscc)
);

CREATE INDEX ix_organization_kind_name ON organization (kind, name);

CREATE INDEX ix_organization_region_code ON organization (region_code);

CREATE TABLE record_event (
    record_kind VARCHAR NOT NULL,
    record_id UUID NOT NULL,
    number INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    actor_id UUID,
    org_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    body BYTEA NOT NULL,
    prev_hash VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    alg VARCHAR NOT NULL,
    CONSTRAINT pk_record_event PRIMARY KEY (record_kind, record_id, number)
);

CREATE INDEX ix_record_event_actor_id ON record_event (actor_id);

CREATE INDEX ix_record_event_at ON record_event (at);

CREATE INDEX ix_record_event_org_id ON record_event (org_id);

CREATE TABLE region (
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent_code VARCHAR,
    valid_from DATE,
    valid_to DATE,
    successor_of VARCHAR,
    CONSTRAINT pk_region PRIMARY KEY (code)
);

CREATE INDEX ix_region_parent_code ON region (parent_code);

CREATE TABLE setting (
    key VARCHAR NOT NULL,
    value TEXT NOT NULL,
    reason VARCHAR NOT NULL,
    set_by UUID,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    CONSTRAINT pk_setting PRIMARY KEY (key)
);

CREATE TABLE definition (
    id UUID NOT NULL,
    key VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    org_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_definition PRIMARY KEY (id),
    CONSTRAINT uq_definition_key UNIQUE (key),
    CONSTRAINT fk_definition_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE fund_plan (
    id UUID NOT NULL,
    year INTEGER NOT NULL,
    version INTEGER NOT NULL,
    total NUMERIC(16, 2) NOT NULL,
    items TEXT NOT NULL,
    state VARCHAR NOT NULL,
    revision_of_id UUID,
    reason VARCHAR NOT NULL,
    approved_by UUID,
    approved_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_fund_plan PRIMARY KEY (id),
    CONSTRAINT uq_fund_plan_insurer_id_org_id_year_version UNIQUE (insurer_id, org_id, year, version),
    CONSTRAINT fk_fund_plan_revision_of_id FOREIGN KEY(revision_of_id) REFERENCES fund_plan (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_plan_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_plan_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_plan_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_fund_plan_industry ON fund_plan (industry);

CREATE INDEX ix_fund_plan_insurer_id ON fund_plan (insurer_id);

CREATE INDEX ix_fund_plan_org_id ON fund_plan (org_id);

CREATE INDEX ix_fund_plan_policyholder_id ON fund_plan (policyholder_id);

CREATE INDEX ix_fund_plan_region_code ON fund_plan (region_code);

CREATE TABLE insurer_profile (
    organization_id UUID NOT NULL,
    branch_level VARCHAR,
    code VARCHAR,
    prevention_unit TEXT NOT NULL,
    complaint_phone VARCHAR NOT NULL,
    complaint_procedure VARCHAR NOT NULL,
    mediation_method VARCHAR NOT NULL,
    coinsurance_group VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_insurer_profile PRIMARY KEY (organization_id),
    CONSTRAINT fk_insurer_profile_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE number_sequence (
    org_id UUID NOT NULL,
    code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_number_sequence PRIMARY KEY (org_id, code, year),
    CONSTRAINT fk_number_sequence_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE person (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    login VARCHAR,
    password_hash VARCHAR,
    password_changed_at TIMESTAMP WITH TIME ZONE,
    must_change_password BOOLEAN NOT NULL,
    mobile TEXT,
    mobile_index VARCHAR,
    title VARCHAR NOT NULL,
    org_id UUID NOT NULL,
    active BOOLEAN NOT NULL,
    settings TEXT NOT NULL,
    bigrams VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT uq_person_login UNIQUE (login),
    CONSTRAINT fk_person_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_person_mobile_index ON person (mobile_index);

CREATE INDEX ix_person_org_id ON person (org_id);

CREATE TABLE policy (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    written_premium NUMERIC(16, 2) NOT NULL,
    collected_premium NUMERIC(16, 2),
    refunded NUMERIC(16, 2) NOT NULL,
    term_start DATE NOT NULL,
    term_end DATE NOT NULL,
    signed_on DATE,
    surrender_effective DATE,
    voided_on DATE,
    insured_persons INTEGER,
    limit_per_person NUMERIC(16, 2),
    limit_total NUMERIC(16, 2),
    rate NUMERIC(20, 6),
    previous_policy_id UUID,
    out_of_scope BOOLEAN NOT NULL,
    enabled_at TIMESTAMP WITH TIME ZONE,
    missing TEXT NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_policy PRIMARY KEY (id),
    CONSTRAINT uq_policy_insurer_id_number UNIQUE (insurer_id, number),
    CONSTRAINT fk_policy_previous_policy_id FOREIGN KEY(previous_policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policy_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policy_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policy_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_policy_industry ON policy (industry);

CREATE INDEX ix_policy_insurer_id ON policy (insurer_id);

CREATE INDEX ix_policy_org_id ON policy (org_id);

CREATE INDEX ix_policy_policyholder_id ON policy (policyholder_id);

CREATE INDEX ix_policy_region_code ON policy (region_code);

CREATE INDEX ix_policy_term ON policy (term_end, term_start);

CREATE TABLE policyholder (
    organization_id UUID NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    region_code VARCHAR NOT NULL,
    industry VARCHAR NOT NULL,
    gbt4754 VARCHAR NOT NULL,
    high_risk_kind VARCHAR NOT NULL,
    is_key BOOLEAN NOT NULL,
    zone_code VARCHAR,
    address VARCHAR NOT NULL,
    lat NUMERIC(20, 6),
    lon NUMERIC(20, 6),
    coordinate_system VARCHAR,
    legal_person VARCHAR NOT NULL,
    safety_officer VARCHAR NOT NULL,
    contact VARCHAR NOT NULL,
    mobile TEXT,
    mobile_index VARCHAR,
    employees INTEGER,
    risk_level VARCHAR,
    risk_tags TEXT NOT NULL,
    standardization_level VARCHAR,
    industry_authority_id UUID,
    willingness VARCHAR NOT NULL,
    needs VARCHAR NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_policyholder PRIMARY KEY (organization_id),
    CONSTRAINT fk_policyholder_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policyholder_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policyholder_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policyholder_industry_authority_id FOREIGN KEY(industry_authority_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_policyholder_industry ON policyholder (industry);

CREATE INDEX ix_policyholder_insurer_id ON policyholder (insurer_id);

CREATE INDEX ix_policyholder_mobile_index ON policyholder (mobile_index);

CREATE INDEX ix_policyholder_org_id ON policyholder (org_id);

CREATE INDEX ix_policyholder_region_code ON policyholder (region_code);

CREATE INDEX ix_policyholder_willingness ON policyholder (willingness);

CREATE TABLE provider_profile (
    organization_id UUID NOT NULL,
    filing_number VARCHAR,
    filing_date DATE,
    filing_status VARCHAR NOT NULL,
    filing_valid_until DATE,
    staff TEXT NOT NULL,
    system_documents TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_provider_profile PRIMARY KEY (organization_id),
    CONSTRAINT fk_provider_profile_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE year_fact (
    id UUID NOT NULL,
    year INTEGER NOT NULL,
    dishonesty_listing BOOLEAN NOT NULL,
    dishonesty_level VARCHAR,
    dishonesty_number VARCHAR,
    dishonesty_from DATE,
    dishonesty_until DATE,
    evidence TEXT NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_year_fact PRIMARY KEY (id),
    CONSTRAINT uq_year_fact_policyholder_id_year UNIQUE (policyholder_id, year),
    CONSTRAINT fk_year_fact_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_year_fact_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_year_fact_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_year_fact_industry ON year_fact (industry);

CREATE INDEX ix_year_fact_insurer_id ON year_fact (insurer_id);

CREATE INDEX ix_year_fact_org_id ON year_fact (org_id);

CREATE INDEX ix_year_fact_policyholder_id ON year_fact (policyholder_id);

CREATE INDEX ix_year_fact_region_code ON year_fact (region_code);

CREATE TABLE accident_fact (
    id UUID NOT NULL,
    year_fact_id UUID NOT NULL,
    occurred_on DATE NOT NULL,
    deaths INTEGER NOT NULL,
    injured INTEGER NOT NULL,
    description VARCHAR NOT NULL,
    evidence TEXT NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_accident_fact PRIMARY KEY (id),
    CONSTRAINT fk_accident_fact_year_fact_id FOREIGN KEY(year_fact_id) REFERENCES year_fact (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_accident_fact_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_accident_fact_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_accident_fact_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_accident_fact_industry ON accident_fact (industry);

CREATE INDEX ix_accident_fact_insurer_id ON accident_fact (insurer_id);

CREATE INDEX ix_accident_fact_org_id ON accident_fact (org_id);

CREATE INDEX ix_accident_fact_policyholder_id ON accident_fact (policyholder_id);

CREATE INDEX ix_accident_fact_region_code ON accident_fact (region_code);

CREATE INDEX ix_accident_fact_year_fact_id ON accident_fact (year_fact_id);

CREATE TABLE claim (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    policy_id UUID NOT NULL,
    occurred DATE NOT NULL,
    reported DATE NOT NULL,
    paid NUMERIC(16, 2) NOT NULL,
    outstanding NUMERIC(16, 2) NOT NULL,
    deaths INTEGER NOT NULL,
    injured INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_claim PRIMARY KEY (id),
    CONSTRAINT uq_claim_insurer_id_number UNIQUE (insurer_id, number),
    CONSTRAINT fk_claim_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_claim_industry ON claim (industry);

CREATE INDEX ix_claim_insurer_id ON claim (insurer_id);

CREATE INDEX ix_claim_org_id ON claim (org_id);

CREATE INDEX ix_claim_policy_id ON claim (policy_id);

CREATE INDEX ix_claim_policyholder_id ON claim (policyholder_id);

CREATE INDEX ix_claim_region_code ON claim (region_code);

CREATE TABLE endorsement (
    id UUID NOT NULL,
    policy_id UUID NOT NULL,
    number VARCHAR,
    effective DATE NOT NULL,
    premium_delta NUMERIC(16, 2) NOT NULL,
    reason VARCHAR NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_endorsement PRIMARY KEY (id),
    CONSTRAINT fk_endorsement_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_endorsement_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_endorsement_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_endorsement_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_endorsement_industry ON endorsement (industry);

CREATE INDEX ix_endorsement_insurer_id ON endorsement (insurer_id);

CREATE INDEX ix_endorsement_org_id ON endorsement (org_id);

CREATE INDEX ix_endorsement_policy_id ON endorsement (policy_id);

CREATE INDEX ix_endorsement_policyholder_id ON endorsement (policyholder_id);

CREATE INDEX ix_endorsement_region_code ON endorsement (region_code);

CREATE TABLE import_run (
    id UUID NOT NULL,
    person_id UUID,
    org_id UUID,
    insurer_id UUID,
    register VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    dry_run BOOLEAN NOT NULL,
    state VARCHAR NOT NULL,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    "new" INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    same INTEGER NOT NULL,
    bad INTEGER NOT NULL,
    rejects_sha256 VARCHAR,
    message VARCHAR NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_import_run PRIMARY KEY (id),
    CONSTRAINT fk_import_run_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_import_run_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_import_run_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_import_run_org_id ON import_run (org_id);

CREATE INDEX ix_import_run_person_id ON import_run (person_id);

CREATE TABLE login_session (
    id UUID NOT NULL,
    token_hash VARCHAR NOT NULL,
    person_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    stepped_up_at TIMESTAMP WITH TIME ZONE,
    keep BOOLEAN NOT NULL,
    user_agent VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_login_session PRIMARY KEY (id),
    CONSTRAINT uq_login_session_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_login_session_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_login_session_expires_at ON login_session (expires_at);

CREATE INDEX ix_login_session_person_id ON login_session (person_id);

CREATE TABLE quota_snapshot (
    id UUID NOT NULL,
    policy_id UUID NOT NULL,
    policy_year INTEGER NOT NULL,
    by_premium INTEGER NOT NULL,
    by_industry INTEGER NOT NULL,
    by_history INTEGER NOT NULL,
    required INTEGER NOT NULL,
    per_year TEXT NOT NULL,
    facts TEXT NOT NULL,
    reasons TEXT NOT NULL,
    profile VARCHAR NOT NULL,
    parameter_rows TEXT NOT NULL,
    occasion VARCHAR NOT NULL,
    computed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_quota_snapshot PRIMARY KEY (id),
    CONSTRAINT fk_quota_snapshot_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_quota_snapshot_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_quota_snapshot_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_quota_snapshot_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_quota_snapshot_industry ON quota_snapshot (industry);

CREATE INDEX ix_quota_snapshot_insurer_id ON quota_snapshot (insurer_id);

CREATE INDEX ix_quota_snapshot_org_id ON quota_snapshot (org_id);

CREATE INDEX ix_quota_snapshot_policy ON quota_snapshot (policy_id, policy_year, computed_at);

CREATE INDEX ix_quota_snapshot_policyholder_id ON quota_snapshot (policyholder_id);

CREATE INDEX ix_quota_snapshot_region_code ON quota_snapshot (region_code);

CREATE TABLE release (
    id UUID NOT NULL,
    definition_id UUID NOT NULL,
    process VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    manifest TEXT NOT NULL,
    spec_json BYTEA NOT NULL,
    spec_sha256 VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    published_by UUID,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_release PRIMARY KEY (id),
    CONSTRAINT uq_release_definition_id_number UNIQUE (definition_id, number),
    CONSTRAINT fk_release_definition_id FOREIGN KEY(definition_id) REFERENCES definition (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_release_process ON release (process);

CREATE TABLE role_grant (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    role VARCHAR NOT NULL,
    regions TEXT NOT NULL,
    granted_by UUID,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_role_grant PRIMARY KEY (id),
    CONSTRAINT uq_role_grant_person_id_role UNIQUE (person_id, role),
    CONSTRAINT fk_role_grant_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_role_grant_person_id ON role_grant (person_id);

CREATE INDEX ix_role_grant_role ON role_grant (role);

CREATE TABLE cases (
    id UUID NOT NULL,
    process VARCHAR NOT NULL,
    number VARCHAR NOT NULL,
    release_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state BYTEA,
    state_format INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    bigrams VARCHAR NOT NULL,
    business_key VARCHAR NOT NULL,
    parent_case_id UUID,
    policy_id UUID,
    visit_id UUID,
    hazard_id UUID,
    variables TEXT NOT NULL,
    head_hash VARCHAR NOT NULL,
    event_count INTEGER NOT NULL,
    end_event VARCHAR,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by UUID,
    closed_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    CONSTRAINT pk_cases PRIMARY KEY (id),
    CONSTRAINT uq_cases_process_business_key UNIQUE (process, business_key),
    CONSTRAINT fk_cases_release_id FOREIGN KEY(release_id) REFERENCES release (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cases_parent_case_id FOREIGN KEY(parent_case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cases_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cases_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cases_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_cases_hazard_id ON cases (hazard_id);

CREATE INDEX ix_cases_industry ON cases (industry);

CREATE INDEX ix_cases_insurer_id ON cases (insurer_id);

CREATE INDEX ix_cases_number ON cases (number);

CREATE INDEX ix_cases_open ON cases (status, process, opened_at);

CREATE INDEX ix_cases_org_id ON cases (org_id);

CREATE INDEX ix_cases_parent_case_id ON cases (parent_case_id);

CREATE INDEX ix_cases_policy_id ON cases (policy_id);

CREATE INDEX ix_cases_policyholder_id ON cases (policyholder_id);

CREATE INDEX ix_cases_region_code ON cases (region_code);

CREATE INDEX ix_cases_release_id ON cases (release_id);

CREATE INDEX ix_cases_visit_id ON cases (visit_id);

CREATE TABLE draft (
    id UUID NOT NULL,
    definition_id UUID NOT NULL,
    base_release_id UUID,
    holder_id UUID,
    origin VARCHAR NOT NULL,
    files TEXT NOT NULL,
    version INTEGER NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (id),
    CONSTRAINT fk_draft_definition_id FOREIGN KEY(definition_id) REFERENCES definition (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_draft_base_release_id FOREIGN KEY(base_release_id) REFERENCES release (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_draft_holder_id FOREIGN KEY(holder_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_draft_definition_id ON draft (definition_id);

CREATE TABLE import_row (
    run_id UUID NOT NULL,
    row_number INTEGER NOT NULL,
    outcome VARCHAR NOT NULL,
    values TEXT NOT NULL,
    problems TEXT NOT NULL,
    object_id UUID,
    CONSTRAINT pk_import_row PRIMARY KEY (run_id, row_number),
    CONSTRAINT fk_import_row_run_id FOREIGN KEY(run_id) REFERENCES import_run (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE case_event (
    case_id UUID NOT NULL,
    version INTEGER NOT NULL,
    n INTEGER NOT NULL,
    org_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    element VARCHAR,
    actor_id UUID,
    on_behalf_of UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    body BYTEA NOT NULL,
    prev_hash VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    alg VARCHAR NOT NULL,
    CONSTRAINT pk_case_event PRIMARY KEY (case_id, version, n),
    CONSTRAINT fk_case_event_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_case_event_actor_id ON case_event (actor_id);

CREATE INDEX ix_case_event_at ON case_event (at);

CREATE TABLE contact_log (
    id UUID NOT NULL,
    policy_id UUID,
    case_id UUID,
    contacted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    method VARCHAR NOT NULL,
    contact VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    evidence TEXT NOT NULL,
    person_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_contact_log PRIMARY KEY (id),
    CONSTRAINT fk_contact_log_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_contact_log_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_contact_log_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_contact_log_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_contact_log_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_contact_log_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_contact_log_case_id ON contact_log (case_id);

CREATE INDEX ix_contact_log_industry ON contact_log (industry);

CREATE INDEX ix_contact_log_insurer_id ON contact_log (insurer_id);

CREATE INDEX ix_contact_log_org_id ON contact_log (org_id);

CREATE INDEX ix_contact_log_policy_id ON contact_log (policy_id);

CREATE INDEX ix_contact_log_policyholder_id ON contact_log (policyholder_id);

CREATE INDEX ix_contact_log_region_code ON contact_log (region_code);

CREATE TABLE copy_notice (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    person_id UUID NOT NULL,
    by_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_copy_notice PRIMARY KEY (id),
    CONSTRAINT uq_copy_notice_case_id_person_id UNIQUE (case_id, person_id),
    CONSTRAINT fk_copy_notice_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_copy_notice_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_copy_notice_person_id ON copy_notice (person_id);

CREATE TABLE incident (
    id UUID NOT NULL,
    case_id UUID,
    task_id VARCHAR NOT NULL,
    element VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    detail TEXT NOT NULL,
    command TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_retry_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by UUID,
    resolution VARCHAR NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (id),
    CONSTRAINT fk_incident_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_incident_case_id ON incident (case_id);

CREATE INDEX ix_incident_status ON incident (status, opened_at);

CREATE TABLE notice (
    id UUID NOT NULL,
    key VARCHAR,
    person_id UUID,
    role VARCHAR,
    holder_id UUID,
    case_id UUID,
    work_item_id UUID,
    kind VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    link VARCHAR NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_notice PRIMARY KEY (id),
    CONSTRAINT uq_notice_key UNIQUE (key),
    CONSTRAINT fk_notice_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_notice_holder_id FOREIGN KEY(holder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_notice_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_notice_case_id ON notice (case_id);

CREATE INDEX ix_notice_person ON notice (person_id, at);

CREATE INDEX ix_notice_role ON notice (role, holder_id, at);

CREATE TABLE service_scheme (
    id UUID NOT NULL,
    number VARCHAR,
    policy_id UUID NOT NULL,
    case_id UUID,
    version INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    needs VARCHAR NOT NULL,
    risk_state VARCHAR NOT NULL,
    premium_snapshot NUMERIC(16, 2),
    quota_snapshot_id UUID,
    items TEXT NOT NULL,
    frequency INTEGER,
    key_periods TEXT NOT NULL,
    time_limit VARCHAR NOT NULL,
    expected_effect VARCHAR NOT NULL,
    measures VARCHAR NOT NULL,
    org_experts VARCHAR NOT NULL,
    guarantee VARCHAR NOT NULL,
    complaint_arbitration VARCHAR NOT NULL,
    baseline_target VARCHAR NOT NULL,
    standardization_target VARCHAR NOT NULL,
    approved_by UUID,
    approved_at TIMESTAMP WITH TIME ZONE,
    opinion VARCHAR NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    answer VARCHAR,
    requested_change VARCHAR NOT NULL,
    refuse_reason VARCHAR NOT NULL,
    complaint_informed BOOLEAN NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    signatures TEXT NOT NULL,
    document_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_service_scheme PRIMARY KEY (id),
    CONSTRAINT uq_service_scheme_policy_id_version UNIQUE (policy_id, version),
    CONSTRAINT fk_service_scheme_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_scheme_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_scheme_quota_snapshot_id FOREIGN KEY(quota_snapshot_id) REFERENCES quota_snapshot (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_scheme_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_scheme_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_scheme_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_service_scheme_case_id ON service_scheme (case_id);

CREATE INDEX ix_service_scheme_industry ON service_scheme (industry);

CREATE INDEX ix_service_scheme_insurer_id ON service_scheme (insurer_id);

CREATE INDEX ix_service_scheme_number ON service_scheme (number);

CREATE INDEX ix_service_scheme_org_id ON service_scheme (org_id);

CREATE INDEX ix_service_scheme_policyholder_id ON service_scheme (policyholder_id);

CREATE INDEX ix_service_scheme_region_code ON service_scheme (region_code);

CREATE TABLE subscription (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    process VARCHAR NOT NULL,
    task_id VARCHAR NOT NULL,
    element VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    correlation VARCHAR NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_subscription PRIMARY KEY (id),
    CONSTRAINT fk_subscription_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_subscription_case_id ON subscription (case_id);

CREATE INDEX ix_subscription_name_correlation ON subscription (name, correlation);

CREATE TABLE timer (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    task_id VARCHAR NOT NULL,
    element VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expression VARCHAR NOT NULL,
    calendar_version VARCHAR NOT NULL,
    provisional BOOLEAN NOT NULL,
    payload TEXT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_timer PRIMARY KEY (id),
    CONSTRAINT fk_timer_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_timer_case_id ON timer (case_id);

CREATE INDEX ix_timer_due_at ON timer (due_at);

CREATE TABLE notice_read (
    notice_id UUID NOT NULL,
    person_id UUID NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_notice_read PRIMARY KEY (notice_id, person_id),
    CONSTRAINT fk_notice_read_notice_id FOREIGN KEY(notice_id) REFERENCES notice (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_notice_read_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE visit (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    policy_id UUID NOT NULL,
    scheme_id UUID,
    case_id UUID,
    sequence INTEGER,
    channel VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    planned_on DATE,
    items TEXT NOT NULL,
    checklists TEXT NOT NULL,
    key_parts VARCHAR NOT NULL,
    recent_reason VARCHAR NOT NULL,
    lead_id UUID,
    agency_id UUID,
    responsible_org_id UUID NOT NULL,
    dispatched_at TIMESTAMP WITH TIME ZONE,
    arrived_at TIMESTAMP WITH TIME ZONE,
    left_at TIMESTAMP WITH TIME ZONE,
    position TEXT,
    place VARCHAR NOT NULL,
    process VARCHAR NOT NULL,
    measures_taken VARCHAR NOT NULL,
    protective_measures VARCHAR NOT NULL,
    findings INTEGER NOT NULL,
    escort VARCHAR NOT NULL,
    photos TEXT NOT NULL,
    attachments TEXT NOT NULL,
    policyholder_comment VARCHAR NOT NULL,
    signatures TEXT NOT NULL,
    completed_on DATE,
    return_visit_due DATE,
    archive_due DATE,
    record_answer VARCHAR,
    objection VARCHAR NOT NULL,
    record_confirmed_at TIMESTAMP WITH TIME ZONE,
    elements TEXT NOT NULL,
    corrections TEXT NOT NULL,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancel_reason VARCHAR NOT NULL,
    archived_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_visit PRIMARY KEY (id),
    CONSTRAINT uq_visit_org_id_number UNIQUE (org_id, number),
    CONSTRAINT fk_visit_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_scheme_id FOREIGN KEY(scheme_id) REFERENCES service_scheme (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_lead_id FOREIGN KEY(lead_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_agency_id FOREIGN KEY(agency_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_responsible_org_id FOREIGN KEY(responsible_org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_visit_agency_id ON visit (agency_id);

CREATE INDEX ix_visit_archived_at ON visit (archived_at);

CREATE INDEX ix_visit_case_id ON visit (case_id);

CREATE INDEX ix_visit_completed ON visit (policy_id, completed_on);

CREATE INDEX ix_visit_industry ON visit (industry);

CREATE INDEX ix_visit_insurer_id ON visit (insurer_id);

CREATE INDEX ix_visit_lead_id ON visit (lead_id);

CREATE INDEX ix_visit_org_id ON visit (org_id);

CREATE INDEX ix_visit_policyholder_id ON visit (policyholder_id);

CREATE INDEX ix_visit_region_code ON visit (region_code);

CREATE INDEX ix_visit_scheme_id ON visit (scheme_id);

CREATE INDEX ix_visit_state_day ON visit (state, planned_on);

CREATE TABLE case_file (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    policy_id UUID NOT NULL,
    case_id UUID,
    title VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    sealed_at TIMESTAMP WITH TIME ZONE,
    sealed_by UUID,
    confirmed_by VARCHAR NOT NULL,
    chain_head VARCHAR,
    retain_until DATE,
    disposable_from DATE,
    holds TEXT NOT NULL,
    corrections TEXT NOT NULL,
    package_sha256 VARCHAR,
    package_size BIGINT,
    packaged_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_case_file PRIMARY KEY (id),
    CONSTRAINT uq_case_file_org_id_number UNIQUE (org_id, number),
    CONSTRAINT uq_case_file_policy_id_visit_id UNIQUE (policy_id, visit_id),
    CONSTRAINT fk_case_file_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_case_file_case_id ON case_file (case_id);

CREATE INDEX ix_case_file_industry ON case_file (industry);

CREATE INDEX ix_case_file_insurer_id ON case_file (insurer_id);

CREATE INDEX ix_case_file_org_id ON case_file (org_id);

CREATE INDEX ix_case_file_policyholder_id ON case_file (policyholder_id);

CREATE INDEX ix_case_file_region_code ON case_file (region_code);

CREATE INDEX ix_case_file_retain_until ON case_file (retain_until);

CREATE INDEX ix_case_file_visit_id ON case_file (visit_id);

CREATE TABLE chase (
    id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    subject_id UUID NOT NULL,
    case_id UUID,
    number INTEGER NOT NULL,
    channel VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    proof TEXT NOT NULL,
    by_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_chase PRIMARY KEY (id),
    CONSTRAINT fk_chase_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_chase_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_chase_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_chase_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_chase_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_chase_case_id ON chase (case_id);

CREATE INDEX ix_chase_industry ON chase (industry);

CREATE INDEX ix_chase_insurer_id ON chase (insurer_id);

CREATE INDEX ix_chase_org_id ON chase (org_id);

CREATE INDEX ix_chase_policyholder_id ON chase (policyholder_id);

CREATE INDEX ix_chase_region_code ON chase (region_code);

CREATE INDEX ix_chase_subject ON chase (subject, subject_id, at);

CREATE INDEX ix_chase_visit_id ON chase (visit_id);

CREATE TABLE complaint (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    policy_id UUID,
    case_id UUID,
    state VARCHAR NOT NULL,
    complainant VARCHAR NOT NULL,
    mobile TEXT,
    mobile_index VARCHAR,
    channel VARCHAR,
    target VARCHAR NOT NULL,
    request VARCHAR NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due DATE,
    needs_verification BOOLEAN NOT NULL,
    extension TEXT,
    handler_id UUID,
    findings VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    measures VARCHAR NOT NULL,
    replied_at TIMESTAMP WITH TIME ZONE,
    accepted BOOLEAN,
    mediation TEXT,
    evidence TEXT NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_complaint PRIMARY KEY (id),
    CONSTRAINT uq_complaint_org_id_number UNIQUE (org_id, number),
    CONSTRAINT fk_complaint_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_handler_id FOREIGN KEY(handler_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_complaint_case_id ON complaint (case_id);

CREATE INDEX ix_complaint_industry ON complaint (industry);

CREATE INDEX ix_complaint_insurer_id ON complaint (insurer_id);

CREATE INDEX ix_complaint_org_id ON complaint (org_id);

CREATE INDEX ix_complaint_policy_id ON complaint (policy_id);

CREATE INDEX ix_complaint_policyholder_id ON complaint (policyholder_id);

CREATE INDEX ix_complaint_region_code ON complaint (region_code);

CREATE INDEX ix_complaint_visit_id ON complaint (visit_id);

CREATE TABLE document (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    template VARCHAR NOT NULL,
    template_sha256 VARCHAR,
    title VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    subject_id UUID NOT NULL,
    policy_id UUID,
    case_id UUID,
    state VARCHAR NOT NULL,
    content TEXT NOT NULL,
    pdf_sha256 VARCHAR,
    pdf_size BIGINT,
    rendered_at TIMESTAMP WITH TIME ZONE,
    issued_by UUID,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    void_reason VARCHAR NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_document PRIMARY KEY (id),
    CONSTRAINT uq_document_org_id_number UNIQUE (org_id, number),
    CONSTRAINT fk_document_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_document_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_document_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_document_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_document_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_document_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_document_case_id ON document (case_id);

CREATE INDEX ix_document_industry ON document (industry);

CREATE INDEX ix_document_insurer_id ON document (insurer_id);

CREATE INDEX ix_document_org_id ON document (org_id);

CREATE INDEX ix_document_policy_id ON document (policy_id);

CREATE INDEX ix_document_policyholder_id ON document (policyholder_id);

CREATE INDEX ix_document_region_code ON document (region_code);

CREATE INDEX ix_document_subject ON document (subject, subject_id);

CREATE INDEX ix_document_visit_id ON document (visit_id);

CREATE TABLE entry_check (
    id UUID NOT NULL,
    arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
    device_time TIMESTAMP WITH TIME ZONE,
    position TEXT,
    distance_m INTEGER,
    no_position_reason VARCHAR NOT NULL,
    gate_photo TEXT NOT NULL,
    entry_admitted BOOLEAN NOT NULL,
    escort VARCHAR NOT NULL,
    escort_title VARCHAR NOT NULL,
    briefing BOOLEAN NOT NULL,
    ppe BOOLEAN NOT NULL,
    refused_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    refused_at TIMESTAMP WITH TIME ZONE,
    proof TEXT NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_entry_check PRIMARY KEY (id),
    CONSTRAINT fk_entry_check_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_entry_check_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_entry_check_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_entry_check_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_entry_check_industry ON entry_check (industry);

CREATE INDEX ix_entry_check_insurer_id ON entry_check (insurer_id);

CREATE INDEX ix_entry_check_org_id ON entry_check (org_id);

CREATE INDEX ix_entry_check_policyholder_id ON entry_check (policyholder_id);

CREATE INDEX ix_entry_check_region_code ON entry_check (region_code);

CREATE INDEX ix_entry_check_visit_id ON entry_check (visit_id);

CREATE TABLE file (
    id UUID NOT NULL,
    sha256 VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    media_type VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    meta TEXT NOT NULL,
    perceptual_hash VARCHAR,
    taken_at TIMESTAMP WITH TIME ZONE,
    uploaded_by UUID,
    uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    org_id UUID,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    case_id UUID,
    work_item_id UUID,
    subject VARCHAR,
    subject_id UUID,
    CONSTRAINT pk_file PRIMARY KEY (id),
    CONSTRAINT fk_file_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_file_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_file_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_file_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_file_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_file_case_id ON file (case_id);

CREATE INDEX ix_file_org_id ON file (org_id);

CREATE INDEX ix_file_perceptual_hash ON file (perceptual_hash);

CREATE INDEX ix_file_policyholder_id ON file (policyholder_id);

CREATE INDEX ix_file_sha256 ON file (sha256);

CREATE INDEX ix_file_subject ON file (subject, subject_id);

CREATE INDEX ix_file_uploaded_by ON file (uploaded_by);

CREATE INDEX ix_file_visit_id ON file (visit_id);

CREATE TABLE fund_entry (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    entry_date DATE NOT NULL,
    kind VARCHAR NOT NULL,
    amount NUMERIC(16, 2) NOT NULL,
    category VARCHAR NOT NULL,
    plan_id UUID,
    policy_id UUID,
    case_id UUID,
    public_activity VARCHAR NOT NULL,
    payee VARCHAR NOT NULL,
    voucher TEXT NOT NULL,
    note VARCHAR NOT NULL,
    reverses_id UUID,
    approved_by UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    CONSTRAINT pk_fund_entry PRIMARY KEY (id),
    CONSTRAINT uq_fund_entry_org_id_number UNIQUE (org_id, number),
    CONSTRAINT fk_fund_entry_plan_id FOREIGN KEY(plan_id) REFERENCES fund_plan (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_entry_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_entry_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_fund_entry_reverses_id UNIQUE (reverses_id),
    CONSTRAINT fk_fund_entry_reverses_id FOREIGN KEY(reverses_id) REFERENCES fund_entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_entry_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_entry_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_entry_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fund_entry_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_fund_entry_case_id ON fund_entry (case_id);

CREATE INDEX ix_fund_entry_industry ON fund_entry (industry);

CREATE INDEX ix_fund_entry_insurer_id ON fund_entry (insurer_id);

CREATE INDEX ix_fund_entry_org_id ON fund_entry (org_id);

CREATE INDEX ix_fund_entry_plan ON fund_entry (plan_id, entry_date);

CREATE INDEX ix_fund_entry_policy_id ON fund_entry (policy_id);

CREATE INDEX ix_fund_entry_policyholder_id ON fund_entry (policyholder_id);

CREATE INDEX ix_fund_entry_region_code ON fund_entry (region_code);

CREATE INDEX ix_fund_entry_visit_id ON fund_entry (visit_id);

CREATE TABLE hazard (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    case_id UUID,
    position INTEGER NOT NULL,
    place VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    hazard_class VARCHAR NOT NULL,
    cause VARCHAR NOT NULL,
    accident_kind VARCHAR,
    basis_clause VARCHAR NOT NULL,
    suggestion VARCHAR NOT NULL,
    checklist_item VARCHAR,
    template_id UUID,
    deadline DATE NOT NULL,
    original_deadline DATE NOT NULL,
    five_commitments TEXT NOT NULL,
    photos_before TEXT NOT NULL,
    photos_after TEXT NOT NULL,
    fixed_on_spot BOOLEAN NOT NULL,
    state VARCHAR NOT NULL,
    found_on DATE NOT NULL,
    notified_on DATE,
    alerted_at TIMESTAMP WITH TIME ZONE,
    finished_on DATE,
    closed_on DATE,
    failed_rechecks INTEGER NOT NULL,
    refused_on DATE,
    refusal_basis VARCHAR,
    refusal_evidence TEXT NOT NULL,
    refusal_opinion VARCHAR NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE,
    decline_decision VARCHAR,
    decline_reason VARCHAR NOT NULL,
    decline_approver VARCHAR NOT NULL,
    decline_decided_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_hazard PRIMARY KEY (id),
    CONSTRAINT uq_hazard_org_id_number UNIQUE (org_id, number),
    CONSTRAINT fk_hazard_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_template_id FOREIGN KEY(template_id) REFERENCES hazard_template (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_hazard_case_id ON hazard (case_id);

CREATE INDEX ix_hazard_industry ON hazard (industry);

CREATE INDEX ix_hazard_insurer_id ON hazard (insurer_id);

CREATE INDEX ix_hazard_org_id ON hazard (org_id);

CREATE INDEX ix_hazard_policyholder_id ON hazard (policyholder_id);

CREATE INDEX ix_hazard_region_code ON hazard (region_code);

CREATE INDEX ix_hazard_state_deadline ON hazard (state, deadline);

CREATE INDEX ix_hazard_visit_id ON hazard (visit_id);

CREATE TABLE planned_visit (
    id UUID NOT NULL,
    policy_id UUID NOT NULL,
    scheme_id UUID,
    sequence INTEGER NOT NULL,
    planned_on DATE NOT NULL,
    first_planned_on DATE,
    state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    visit_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_planned_visit PRIMARY KEY (id),
    CONSTRAINT uq_planned_visit_policy_id_sequence UNIQUE (policy_id, sequence),
    CONSTRAINT fk_planned_visit_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_planned_visit_scheme_id FOREIGN KEY(scheme_id) REFERENCES service_scheme (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_planned_visit_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_planned_visit_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_planned_visit_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_planned_visit_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_planned_visit_day ON planned_visit (state, planned_on);

CREATE INDEX ix_planned_visit_industry ON planned_visit (industry);

CREATE INDEX ix_planned_visit_insurer_id ON planned_visit (insurer_id);

CREATE INDEX ix_planned_visit_org_id ON planned_visit (org_id);

CREATE INDEX ix_planned_visit_policyholder_id ON planned_visit (policyholder_id);

CREATE INDEX ix_planned_visit_region_code ON planned_visit (region_code);

CREATE INDEX ix_planned_visit_visit_id ON planned_visit (visit_id);

CREATE TABLE service_item_record (
    id UUID NOT NULL,
    item VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,
    evidence TEXT NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_service_item_record PRIMARY KEY (id),
    CONSTRAINT fk_service_item_record_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_item_record_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_item_record_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_item_record_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_service_item_record_industry ON service_item_record (industry);

CREATE INDEX ix_service_item_record_insurer_id ON service_item_record (insurer_id);

CREATE INDEX ix_service_item_record_org_id ON service_item_record (org_id);

CREATE INDEX ix_service_item_record_policyholder_id ON service_item_record (policyholder_id);

CREATE INDEX ix_service_item_record_region_code ON service_item_record (region_code);

CREATE INDEX ix_service_item_record_visit_id ON service_item_record (visit_id);

CREATE TABLE visit_day (
    id UUID NOT NULL,
    day DATE NOT NULL,
    arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_visit_day PRIMARY KEY (id),
    CONSTRAINT fk_visit_day_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_day_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_day_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_day_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_visit_day_industry ON visit_day (industry);

CREATE INDEX ix_visit_day_insurer_id ON visit_day (insurer_id);

CREATE INDEX ix_visit_day_org_id ON visit_day (org_id);

CREATE INDEX ix_visit_day_policyholder_id ON visit_day (policyholder_id);

CREATE INDEX ix_visit_day_region_code ON visit_day (region_code);

CREATE INDEX ix_visit_day_visit_id ON visit_day (visit_id);

CREATE TABLE visit_member (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    is_lead BOOLEAN NOT NULL,
    certificate TEXT NOT NULL,
    answer VARCHAR,
    answered_at TIMESTAMP WITH TIME ZONE,
    reason VARCHAR NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_visit_member PRIMARY KEY (id),
    CONSTRAINT uq_visit_member_visit_id_person_id UNIQUE (visit_id, person_id),
    CONSTRAINT fk_visit_member_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_member_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_member_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_member_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_member_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_visit_member_industry ON visit_member (industry);

CREATE INDEX ix_visit_member_insurer_id ON visit_member (insurer_id);

CREATE INDEX ix_visit_member_org_id ON visit_member (org_id);

CREATE INDEX ix_visit_member_person_id ON visit_member (person_id);

CREATE INDEX ix_visit_member_policyholder_id ON visit_member (policyholder_id);

CREATE INDEX ix_visit_member_region_code ON visit_member (region_code);

CREATE INDEX ix_visit_member_visit_id ON visit_member (visit_id);

CREATE TABLE work_item (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    task_id VARCHAR NOT NULL,
    round INTEGER NOT NULL,
    process VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    form_sha256 VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    bigrams VARCHAR NOT NULL,
    status INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    holder_id UUID NOT NULL,
    assignee_id UUID,
    deadline_kind VARCHAR,
    due_on DATE,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    provisional BOOLEAN NOT NULL,
    tags TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    claimed_at TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by UUID,
    version INTEGER NOT NULL,
    policy_id UUID,
    hazard_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    CONSTRAINT pk_work_item PRIMARY KEY (id),
    CONSTRAINT fk_work_item_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_work_item_holder_id FOREIGN KEY(holder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_work_item_assignee_id FOREIGN KEY(assignee_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_work_item_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_work_item_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_work_item_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_work_item_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_work_item_case_id ON work_item (case_id);

CREATE INDEX ix_work_item_done ON work_item (done_by, done_at, id);

CREATE INDEX ix_work_item_industry ON work_item (industry);

CREATE INDEX ix_work_item_insurer_id ON work_item (insurer_id);

CREATE INDEX ix_work_item_mine ON work_item (assignee_id, due_at, id) WHERE status < 2 AND assignee_id IS NOT NULL;

CREATE INDEX ix_work_item_org_id ON work_item (org_id);

CREATE INDEX ix_work_item_policyholder_id ON work_item (policyholder_id);

CREATE INDEX ix_work_item_pool ON work_item (role, holder_id, due_at, id) WHERE status = 0 AND assignee_id IS NULL;

CREATE INDEX ix_work_item_region_code ON work_item (region_code);

CREATE INDEX ix_work_item_visit_id ON work_item (visit_id);

CREATE TABLE anomaly (
    id UUID NOT NULL,
    code VARCHAR NOT NULL,
    detail TEXT NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    person_id UUID,
    file_id UUID,
    decision VARCHAR,
    explanation VARCHAR NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_anomaly PRIMARY KEY (id),
    CONSTRAINT fk_anomaly_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_anomaly_file_id FOREIGN KEY(file_id) REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_anomaly_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_anomaly_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_anomaly_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_anomaly_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_anomaly_industry ON anomaly (industry);

CREATE INDEX ix_anomaly_insurer_id ON anomaly (insurer_id);

CREATE INDEX ix_anomaly_org_id ON anomaly (org_id);

CREATE INDEX ix_anomaly_policyholder_id ON anomaly (policyholder_id);

CREATE INDEX ix_anomaly_region_code ON anomaly (region_code);

CREATE INDEX ix_anomaly_visit_id ON anomaly (visit_id);

CREATE TABLE answer_draft (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    work_item_id UUID NOT NULL,
    form_sha256 VARCHAR NOT NULL,
    body TEXT NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_answer_draft PRIMARY KEY (id),
    CONSTRAINT uq_answer_draft_person_id_work_item_id UNIQUE (person_id, work_item_id),
    CONSTRAINT fk_answer_draft_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_answer_draft_work_item_id FOREIGN KEY(work_item_id) REFERENCES work_item (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_answer_draft_work_item_id ON answer_draft (work_item_id);

CREATE TABLE case_file_item (
    id UUID NOT NULL,
    case_file_id UUID NOT NULL,
    position INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    object_kind VARCHAR NOT NULL,
    object_id UUID,
    file_id UUID,
    document_id UUID,
    sha256 VARCHAR,
    dated DATE,
    pages INTEGER,
    supplement_no INTEGER,
    reason VARCHAR NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    added_by UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_case_file_item PRIMARY KEY (id),
    CONSTRAINT uq_case_file_item_case_file_id_position UNIQUE (case_file_id, position),
    CONSTRAINT fk_case_file_item_case_file_id FOREIGN KEY(case_file_id) REFERENCES case_file (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_item_file_id FOREIGN KEY(file_id) REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_item_document_id FOREIGN KEY(document_id) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_item_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_item_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_item_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_case_file_item_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_case_file_item_industry ON case_file_item (industry);

CREATE INDEX ix_case_file_item_insurer_id ON case_file_item (insurer_id);

CREATE INDEX ix_case_file_item_org_id ON case_file_item (org_id);

CREATE INDEX ix_case_file_item_policyholder_id ON case_file_item (policyholder_id);

CREATE INDEX ix_case_file_item_region_code ON case_file_item (region_code);

CREATE INDEX ix_case_file_item_visit_id ON case_file_item (visit_id);

CREATE TABLE certificate (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    number VARCHAR NOT NULL,
    issued_by VARCHAR NOT NULL,
    issued_on DATE,
    valid_until DATE,
    file_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_certificate PRIMARY KEY (id),
    CONSTRAINT uq_certificate_person_id_kind_number UNIQUE (person_id, kind, number),
    CONSTRAINT fk_certificate_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_certificate_file_id FOREIGN KEY(file_id) REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_certificate_person_id ON certificate (person_id);

CREATE INDEX ix_certificate_valid_until ON certificate (valid_until);

CREATE TABLE checklist_result (
    id UUID NOT NULL,
    checklist VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    photo TEXT NOT NULL,
    hazard_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_checklist_result PRIMARY KEY (id),
    CONSTRAINT uq_checklist_result_visit_id_item UNIQUE (visit_id, item),
    CONSTRAINT fk_checklist_result_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_checklist_result_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_checklist_result_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_checklist_result_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_checklist_result_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_checklist_result_hazard_id ON checklist_result (hazard_id);

CREATE INDEX ix_checklist_result_industry ON checklist_result (industry);

CREATE INDEX ix_checklist_result_insurer_id ON checklist_result (insurer_id);

CREATE INDEX ix_checklist_result_org_id ON checklist_result (org_id);

CREATE INDEX ix_checklist_result_policyholder_id ON checklist_result (policyholder_id);

CREATE INDEX ix_checklist_result_region_code ON checklist_result (region_code);

CREATE INDEX ix_checklist_result_visit_id ON checklist_result (visit_id);

CREATE TABLE deadline (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    hazard_id UUID,
    kind VARCHAR NOT NULL,
    anchor DATE NOT NULL,
    due DATE NOT NULL,
    provisional BOOLEAN NOT NULL,
    calendar_version VARCHAR NOT NULL,
    parameter_row VARCHAR NOT NULL,
    statutory BOOLEAN NOT NULL,
    working_days BOOLEAN NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    met_on DATE,
    escalated_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    CONSTRAINT pk_deadline PRIMARY KEY (id),
    CONSTRAINT fk_deadline_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_deadline_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_deadline_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_deadline_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_deadline_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_deadline_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_deadline_case_id ON deadline (case_id);

CREATE INDEX ix_deadline_hazard_id ON deadline (hazard_id);

CREATE INDEX ix_deadline_industry ON deadline (industry);

CREATE INDEX ix_deadline_insurer_id ON deadline (insurer_id);

CREATE INDEX ix_deadline_kind_due ON deadline (kind, due);

CREATE INDEX ix_deadline_org_id ON deadline (org_id);

CREATE INDEX ix_deadline_policyholder_id ON deadline (policyholder_id);

CREATE INDEX ix_deadline_provisional ON deadline (due) WHERE provisional;

CREATE INDEX ix_deadline_region_code ON deadline (region_code);

CREATE INDEX ix_deadline_visit_id ON deadline (visit_id);

CREATE TABLE dispute (
    id UUID NOT NULL,
    hazard_id UUID NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    raised_by UUID,
    dispute_reason VARCHAR NOT NULL,
    evidence TEXT NOT NULL,
    dispute_result VARCHAR,
    basis VARCHAR NOT NULL,
    new_level VARCHAR,
    reviews TEXT NOT NULL,
    approved_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_dispute PRIMARY KEY (id),
    CONSTRAINT fk_dispute_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_dispute_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_dispute_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_dispute_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_dispute_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_dispute_hazard_id ON dispute (hazard_id);

CREATE INDEX ix_dispute_industry ON dispute (industry);

CREATE INDEX ix_dispute_insurer_id ON dispute (insurer_id);

CREATE INDEX ix_dispute_org_id ON dispute (org_id);

CREATE INDEX ix_dispute_policyholder_id ON dispute (policyholder_id);

CREATE INDEX ix_dispute_region_code ON dispute (region_code);

CREATE INDEX ix_dispute_visit_id ON dispute (visit_id);

CREATE TABLE engagement (
    id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    number VARCHAR,
    party_a_id UUID NOT NULL,
    party_b_id UUID,
    person_id UUID,
    start DATE NOT NULL,
    "end" DATE NOT NULL,
    pricing VARCHAR NOT NULL,
    file_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_engagement PRIMARY KEY (id),
    CONSTRAINT fk_engagement_party_a_id FOREIGN KEY(party_a_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_engagement_party_b_id FOREIGN KEY(party_b_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_engagement_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_engagement_file_id FOREIGN KEY(file_id) REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_engagement_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_engagement_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_engagement_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_engagement_industry ON engagement (industry);

CREATE INDEX ix_engagement_insurer_id ON engagement (insurer_id);

CREATE INDEX ix_engagement_org_id ON engagement (org_id);

CREATE INDEX ix_engagement_party_a_id ON engagement (party_a_id);

CREATE INDEX ix_engagement_party_b_id ON engagement (party_b_id);

CREATE INDEX ix_engagement_person_id ON engagement (person_id);

CREATE INDEX ix_engagement_policyholder_id ON engagement (policyholder_id);

CREATE INDEX ix_engagement_region_code ON engagement (region_code);

CREATE TABLE expert (
    person_id UUID NOT NULL,
    org_id UUID NOT NULL,
    id_number TEXT,
    id_number_index VARCHAR,
    source VARCHAR NOT NULL,
    agency_id UUID,
    specialties TEXT NOT NULL,
    qualification VARCHAR NOT NULL,
    qualification_no VARCHAR NOT NULL,
    valid_until DATE,
    years INTEGER,
    background VARCHAR NOT NULL,
    region_codes TEXT NOT NULL,
    recused_from TEXT NOT NULL,
    score NUMERIC(15, 1),
    commitment_id UUID,
    commitment_on DATE,
    commitment_until DATE,
    status VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_expert PRIMARY KEY (person_id),
    CONSTRAINT fk_expert_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_expert_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_expert_agency_id FOREIGN KEY(agency_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_expert_commitment_id FOREIGN KEY(commitment_id) REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_expert_agency_id ON expert (agency_id);

CREATE INDEX ix_expert_id_number_index ON expert (id_number_index);

CREATE INDEX ix_expert_org_id ON expert (org_id);

CREATE TABLE extension (
    id UUID NOT NULL,
    hazard_id UUID NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requested_by UUID,
    request VARCHAR NOT NULL,
    application TEXT NOT NULL,
    old_deadline DATE NOT NULL,
    decision VARCHAR,
    new_deadline DATE,
    reason VARCHAR NOT NULL,
    interim_measures VARCHAR NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_extension PRIMARY KEY (id),
    CONSTRAINT fk_extension_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_extension_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_extension_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_extension_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_extension_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_extension_hazard_id ON extension (hazard_id);

CREATE INDEX ix_extension_industry ON extension (industry);

CREATE INDEX ix_extension_insurer_id ON extension (insurer_id);

CREATE INDEX ix_extension_org_id ON extension (org_id);

CREATE INDEX ix_extension_policyholder_id ON extension (policyholder_id);

CREATE INDEX ix_extension_region_code ON extension (region_code);

CREATE INDEX ix_extension_visit_id ON extension (visit_id);

CREATE TABLE hazard_notice (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    supersedes_id UUID,
    opinion VARCHAR NOT NULL,
    signed_by UUID,
    signed_at TIMESTAMP WITH TIME ZONE,
    issued_by UUID,
    issued_at TIMESTAMP WITH TIME ZONE,
    delivery VARCHAR,
    served_at TIMESTAMP WITH TIME ZONE,
    received_by VARCHAR NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE,
    refused_to_sign BOOLEAN NOT NULL,
    witness VARCHAR NOT NULL,
    signature TEXT NOT NULL,
    proof TEXT NOT NULL,
    void_reason VARCHAR NOT NULL,
    document_id UUID,
    pdf_sha256 VARCHAR,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_hazard_notice PRIMARY KEY (id),
    CONSTRAINT uq_hazard_notice_org_id_number UNIQUE (org_id, number),
    CONSTRAINT fk_hazard_notice_supersedes_id FOREIGN KEY(supersedes_id) REFERENCES hazard_notice (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_document_id FOREIGN KEY(document_id) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_hazard_notice_industry ON hazard_notice (industry);

CREATE INDEX ix_hazard_notice_insurer_id ON hazard_notice (insurer_id);

CREATE INDEX ix_hazard_notice_org_id ON hazard_notice (org_id);

CREATE INDEX ix_hazard_notice_policyholder_id ON hazard_notice (policyholder_id);

CREATE INDEX ix_hazard_notice_region_code ON hazard_notice (region_code);

CREATE INDEX ix_hazard_notice_visit_id ON hazard_notice (visit_id);

CREATE TABLE one_time_link (
    id UUID NOT NULL,
    token_hash VARCHAR NOT NULL,
    work_item_id UUID NOT NULL,
    purpose VARCHAR NOT NULL,
    sent_to VARCHAR NOT NULL,
    sent_by UUID,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    voided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_one_time_link PRIMARY KEY (id),
    CONSTRAINT uq_one_time_link_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_one_time_link_work_item_id FOREIGN KEY(work_item_id) REFERENCES work_item (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_one_time_link_work_item_id ON one_time_link (work_item_id);

CREATE TABLE pre_contact (
    id UUID NOT NULL,
    round INTEGER NOT NULL,
    contacted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    method VARCHAR NOT NULL,
    contact VARCHAR NOT NULL,
    service_start TIMESTAMP WITH TIME ZONE,
    service_end TIMESTAMP WITH TIME ZONE,
    content VARCHAR NOT NULL,
    technical_measures VARCHAR NOT NULL,
    protective_measures VARCHAR NOT NULL,
    site_rules VARCHAR NOT NULL,
    visitors TEXT NOT NULL,
    answer VARCHAR,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    confirm_time BOOLEAN NOT NULL,
    confirm_content BOOLEAN NOT NULL,
    confirm_measures BOOLEAN NOT NULL,
    permission_granted BOOLEAN NOT NULL,
    grantor VARCHAR NOT NULL,
    grantor_title VARCHAR NOT NULL,
    grant_method VARCHAR,
    grant_proof TEXT NOT NULL,
    permission_revoked_at TIMESTAMP WITH TIME ZONE,
    new_time TIMESTAMP WITH TIME ZONE,
    refuse_reason VARCHAR NOT NULL,
    site_contact VARCHAR NOT NULL,
    reschedules TEXT NOT NULL,
    document_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_pre_contact PRIMARY KEY (id),
    CONSTRAINT uq_pre_contact_visit_id_round UNIQUE (visit_id, round),
    CONSTRAINT fk_pre_contact_document_id FOREIGN KEY(document_id) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_pre_contact_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_pre_contact_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_pre_contact_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_pre_contact_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_pre_contact_industry ON pre_contact (industry);

CREATE INDEX ix_pre_contact_insurer_id ON pre_contact (insurer_id);

CREATE INDEX ix_pre_contact_org_id ON pre_contact (org_id);

CREATE INDEX ix_pre_contact_policyholder_id ON pre_contact (policyholder_id);

CREATE INDEX ix_pre_contact_region_code ON pre_contact (region_code);

CREATE INDEX ix_pre_contact_visit_id ON pre_contact (visit_id);

CREATE TABLE rate_evidence (
    id UUID NOT NULL,
    policy_id UUID NOT NULL,
    case_id UUID,
    preliminary BOOLEAN NOT NULL,
    prepared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    factors TEXT NOT NULL,
    required INTEGER,
    counted INTEGER,
    short INTEGER,
    cooperation INTEGER,
    cooperation_note VARCHAR NOT NULL,
    rectification_note VARCHAR NOT NULL,
    risk_control_note VARCHAR NOT NULL,
    corrections TEXT NOT NULL,
    reviewed_by UUID,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    used VARCHAR,
    direction VARCHAR,
    reason VARCHAR NOT NULL,
    used_by UUID,
    used_at TIMESTAMP WITH TIME ZONE,
    document_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_rate_evidence PRIMARY KEY (id),
    CONSTRAINT fk_rate_evidence_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_evidence_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_evidence_document_id FOREIGN KEY(document_id) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_evidence_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_evidence_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_evidence_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_rate_evidence_case_id ON rate_evidence (case_id);

CREATE INDEX ix_rate_evidence_industry ON rate_evidence (industry);

CREATE INDEX ix_rate_evidence_insurer_id ON rate_evidence (insurer_id);

CREATE INDEX ix_rate_evidence_org_id ON rate_evidence (org_id);

CREATE INDEX ix_rate_evidence_policy_id ON rate_evidence (policy_id);

CREATE INDEX ix_rate_evidence_policyholder_id ON rate_evidence (policyholder_id);

CREATE INDEX ix_rate_evidence_region_code ON rate_evidence (region_code);

CREATE TABLE rate_factor (
    id UUID NOT NULL,
    policy_id UUID NOT NULL,
    hazard_id UUID,
    kind VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_rate_factor PRIMARY KEY (id),
    CONSTRAINT fk_rate_factor_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_factor_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_factor_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_factor_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_factor_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rate_factor_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_rate_factor_hazard_id ON rate_factor (hazard_id);

CREATE INDEX ix_rate_factor_industry ON rate_factor (industry);

CREATE INDEX ix_rate_factor_insurer_id ON rate_factor (insurer_id);

CREATE INDEX ix_rate_factor_org_id ON rate_factor (org_id);

CREATE INDEX ix_rate_factor_policy_id ON rate_factor (policy_id);

CREATE INDEX ix_rate_factor_policyholder_id ON rate_factor (policyholder_id);

CREATE INDEX ix_rate_factor_region_code ON rate_factor (region_code);

CREATE INDEX ix_rate_factor_visit_id ON rate_factor (visit_id);

CREATE TABLE rectification (
    id UUID NOT NULL,
    hazard_id UUID NOT NULL,
    round INTEGER NOT NULL,
    answer VARCHAR,
    responsible VARCHAR NOT NULL,
    measures VARCHAR NOT NULL,
    finish_by DATE,
    funds NUMERIC(16, 2),
    contingency_plan VARCHAR NOT NULL,
    interim_measures VARCHAR NOT NULL,
    major_plan TEXT NOT NULL,
    principal_signature TEXT NOT NULL,
    refuse_statement TEXT NOT NULL,
    planned_at TIMESTAMP WITH TIME ZONE,
    planned_by UUID,
    finished_on DATE,
    measures_done VARCHAR NOT NULL,
    cost NUMERIC(16, 2),
    photos TEXT NOT NULL,
    note VARCHAR NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    submitted_by UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_rectification PRIMARY KEY (id),
    CONSTRAINT uq_rectification_hazard_id_round UNIQUE (hazard_id, round),
    CONSTRAINT fk_rectification_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rectification_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rectification_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rectification_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_rectification_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_rectification_industry ON rectification (industry);

CREATE INDEX ix_rectification_insurer_id ON rectification (insurer_id);

CREATE INDEX ix_rectification_org_id ON rectification (org_id);

CREATE INDEX ix_rectification_policyholder_id ON rectification (policyholder_id);

CREATE INDEX ix_rectification_region_code ON rectification (region_code);

CREATE INDEX ix_rectification_visit_id ON rectification (visit_id);

CREATE TABLE refusal_notice (
    id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    number VARCHAR,
    policy_id UUID NOT NULL,
    case_id UUID,
    hazard_id UUID,
    state VARCHAR NOT NULL,
    extent VARCHAR,
    refused_on DATE,
    refused_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    evidence TEXT NOT NULL,
    text VARCHAR NOT NULL,
    result VARCHAR NOT NULL,
    channel VARCHAR,
    address VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,
    recipient_id UUID,
    delivery VARCHAR,
    delivered_at TIMESTAMP WITH TIME ZONE,
    proof TEXT NOT NULL,
    filed_on DATE,
    withdrawn_on DATE,
    withdrawal_proof TEXT NOT NULL,
    document_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_refusal_notice PRIMARY KEY (id),
    CONSTRAINT fk_refusal_notice_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_case_id FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_recipient_id FOREIGN KEY(recipient_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_document_id FOREIGN KEY(document_id) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refusal_notice_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_refusal_notice_case_id ON refusal_notice (case_id);

CREATE INDEX ix_refusal_notice_hazard_id ON refusal_notice (hazard_id);

CREATE INDEX ix_refusal_notice_industry ON refusal_notice (industry);

CREATE INDEX ix_refusal_notice_insurer_id ON refusal_notice (insurer_id);

CREATE INDEX ix_refusal_notice_number ON refusal_notice (number);

CREATE INDEX ix_refusal_notice_org_id ON refusal_notice (org_id);

CREATE INDEX ix_refusal_notice_policy_id ON refusal_notice (policy_id);

CREATE INDEX ix_refusal_notice_policyholder_id ON refusal_notice (policyholder_id);

CREATE INDEX ix_refusal_notice_region_code ON refusal_notice (region_code);

CREATE INDEX ix_refusal_notice_visit_id ON refusal_notice (visit_id);

CREATE TABLE return_visit (
    id UUID NOT NULL,
    attempt INTEGER NOT NULL,
    reached BOOLEAN NOT NULL,
    method VARCHAR NOT NULL,
    contacted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    respondent VARCHAR NOT NULL,
    respondent_title VARCHAR NOT NULL,
    satisfaction INTEGER,
    opinion VARCHAR NOT NULL,
    professional INTEGER,
    service INTEGER,
    timely INTEGER,
    safety INTEGER,
    rectification_state VARCHAR,
    complaint_raised BOOLEAN NOT NULL,
    caller_id UUID,
    recording TEXT NOT NULL,
    due DATE,
    document_id UUID,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_return_visit PRIMARY KEY (id),
    CONSTRAINT uq_return_visit_visit_id_attempt UNIQUE (visit_id, attempt),
    CONSTRAINT fk_return_visit_caller_id FOREIGN KEY(caller_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_return_visit_document_id FOREIGN KEY(document_id) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_return_visit_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_return_visit_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_return_visit_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_return_visit_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_return_visit_industry ON return_visit (industry);

CREATE INDEX ix_return_visit_insurer_id ON return_visit (insurer_id);

CREATE INDEX ix_return_visit_org_id ON return_visit (org_id);

CREATE INDEX ix_return_visit_policyholder_id ON return_visit (policyholder_id);

CREATE INDEX ix_return_visit_region_code ON return_visit (region_code);

CREATE INDEX ix_return_visit_visit_id ON return_visit (visit_id);

CREATE TABLE rule_source (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    issued_on DATE,
    effective_from DATE,
    effective_to DATE,
    profile VARCHAR,
    note VARCHAR NOT NULL,
    file_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_rule_source PRIMARY KEY (id),
    CONSTRAINT uq_rule_source_number UNIQUE (number),
    CONSTRAINT fk_rule_source_file_id FOREIGN KEY(file_id) REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE agency_profile (
    organization_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    qualification_no VARCHAR,
    valid_until DATE,
    contract_id UUID,
    selected_on DATE,
    exited_on DATE,
    exit_reason VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_agency_profile PRIMARY KEY (organization_id),
    CONSTRAINT fk_agency_profile_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agency_profile_contract_id FOREIGN KEY(contract_id) REFERENCES engagement (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE hazard_notice_line (
    id UUID NOT NULL,
    notice_id UUID NOT NULL,
    hazard_id UUID NOT NULL,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_hazard_notice_line PRIMARY KEY (id),
    CONSTRAINT uq_hazard_notice_line_notice_id_hazard_id UNIQUE (notice_id, hazard_id),
    CONSTRAINT fk_hazard_notice_line_notice_id FOREIGN KEY(notice_id) REFERENCES hazard_notice (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_line_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_line_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_line_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_line_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hazard_notice_line_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_hazard_notice_line_hazard_id ON hazard_notice_line (hazard_id);

CREATE INDEX ix_hazard_notice_line_industry ON hazard_notice_line (industry);

CREATE INDEX ix_hazard_notice_line_insurer_id ON hazard_notice_line (insurer_id);

CREATE INDEX ix_hazard_notice_line_org_id ON hazard_notice_line (org_id);

CREATE INDEX ix_hazard_notice_line_policyholder_id ON hazard_notice_line (policyholder_id);

CREATE INDEX ix_hazard_notice_line_region_code ON hazard_notice_line (region_code);

CREATE INDEX ix_hazard_notice_line_visit_id ON hazard_notice_line (visit_id);

CREATE TABLE low_score (
    id UUID NOT NULL,
    return_visit_id UUID,
    cause VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    feedback TEXT NOT NULL,
    handled_by UUID,
    handled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_low_score PRIMARY KEY (id),
    CONSTRAINT fk_low_score_return_visit_id FOREIGN KEY(return_visit_id) REFERENCES return_visit (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_low_score_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_low_score_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_low_score_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_low_score_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_low_score_industry ON low_score (industry);

CREATE INDEX ix_low_score_insurer_id ON low_score (insurer_id);

CREATE INDEX ix_low_score_org_id ON low_score (org_id);

CREATE INDEX ix_low_score_policyholder_id ON low_score (policyholder_id);

CREATE INDEX ix_low_score_region_code ON low_score (region_code);

CREATE INDEX ix_low_score_visit_id ON low_score (visit_id);

CREATE TABLE recheck (
    id UUID NOT NULL,
    hazard_id UUID NOT NULL,
    rectification_id UUID,
    round INTEGER NOT NULL,
    checker_id UUID,
    method VARCHAR NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    result VARCHAR NOT NULL,
    opinion VARCHAR NOT NULL,
    photos TEXT NOT NULL,
    new_deadline DATE,
    org_id UUID NOT NULL,
    insurer_id UUID,
    policyholder_id UUID,
    region_code VARCHAR,
    industry VARCHAR,
    visit_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    row_version INTEGER NOT NULL,
    CONSTRAINT pk_recheck PRIMARY KEY (id),
    CONSTRAINT fk_recheck_hazard_id FOREIGN KEY(hazard_id) REFERENCES hazard (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recheck_rectification_id FOREIGN KEY(rectification_id) REFERENCES rectification (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recheck_checker_id FOREIGN KEY(checker_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recheck_org_id FOREIGN KEY(org_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recheck_insurer_id FOREIGN KEY(insurer_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recheck_policyholder_id FOREIGN KEY(policyholder_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recheck_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_recheck_hazard_id ON recheck (hazard_id);

CREATE INDEX ix_recheck_industry ON recheck (industry);

CREATE INDEX ix_recheck_insurer_id ON recheck (insurer_id);

CREATE INDEX ix_recheck_org_id ON recheck (org_id);

CREATE INDEX ix_recheck_policyholder_id ON recheck (policyholder_id);

CREATE INDEX ix_recheck_region_code ON recheck (region_code);

CREATE INDEX ix_recheck_visit_id ON recheck (visit_id);

CREATE OR REPLACE FUNCTION weiran_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;

CREATE OR REPLACE FUNCTION weiran_check_hash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.alg <> 'sha256' OR NEW.hash <> encode(sha256(convert_to(NEW.alg, 'UTF8') || decode(NEW.prev_hash, 'hex') || NEW.body), 'hex') THEN RAISE EXCEPTION '% is %', TG_TABLE_NAME, 'forged' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;

CREATE OR REPLACE FUNCTION weiran_keep_archived() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM visit WHERE id = OLD.visit_id AND state = 'archived') THEN RAISE EXCEPTION '% is %', TG_TABLE_NAME, 'archived' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE OR REPLACE FUNCTION weiran_keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF NEW.supplement_no IS NULL AND EXISTS (SELECT 1 FROM case_file WHERE id = NEW.case_file_id AND state = 'sealed') THEN RAISE EXCEPTION '% is %', TG_TABLE_NAME, 'sealed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END IF; IF EXISTS (SELECT 1 FROM case_file WHERE id = OLD.case_file_id AND state = 'sealed') THEN RAISE EXCEPTION '% is %', TG_TABLE_NAME, 'sealed' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE OR REPLACE TRIGGER access_log_keep_rows BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER access_log_keep_all BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER artefact_keep_rows BEFORE UPDATE OR DELETE ON artefact FOR EACH ROW EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER artefact_keep_all BEFORE TRUNCATE ON artefact FOR EACH STATEMENT EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER case_event_keep_rows BEFORE UPDATE OR DELETE ON case_event FOR EACH ROW EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER case_event_keep_all BEFORE TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER fund_entry_keep_rows BEFORE UPDATE OR DELETE ON fund_entry FOR EACH ROW EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER fund_entry_keep_all BEFORE TRUNCATE ON fund_entry FOR EACH STATEMENT EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER quota_snapshot_keep_rows BEFORE UPDATE OR DELETE ON quota_snapshot FOR EACH ROW EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER quota_snapshot_keep_all BEFORE TRUNCATE ON quota_snapshot FOR EACH STATEMENT EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER record_event_keep_rows BEFORE UPDATE OR DELETE ON record_event FOR EACH ROW EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER record_event_keep_all BEFORE TRUNCATE ON record_event FOR EACH STATEMENT EXECUTE FUNCTION weiran_refuse('append-only');

CREATE OR REPLACE TRIGGER case_event_keep_hash BEFORE INSERT ON case_event FOR EACH ROW EXECUTE FUNCTION weiran_check_hash();

CREATE OR REPLACE TRIGGER record_event_keep_hash BEFORE INSERT ON record_event FOR EACH ROW EXECUTE FUNCTION weiran_check_hash();

CREATE OR REPLACE TRIGGER release_keep_rows BEFORE UPDATE OF definition_id, process, number, origin, manifest, published_at OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION weiran_refuse('frozen');

CREATE OR REPLACE TRIGGER checkpoint_keep_rows BEFORE UPDATE OF number, at, root, chains, previous, body, signature, key_id OR DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION weiran_refuse('frozen');

CREATE OR REPLACE TRIGGER visit_keep_rows BEFORE UPDATE OR DELETE ON visit FOR EACH ROW WHEN (OLD.state = 'archived') EXECUTE FUNCTION weiran_refuse('archived');

CREATE OR REPLACE TRIGGER anomaly_keep_rows BEFORE UPDATE OR DELETE ON anomaly FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER checklist_result_keep_rows BEFORE UPDATE OR DELETE ON checklist_result FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER entry_check_keep_rows BEFORE UPDATE OR DELETE ON entry_check FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER low_score_keep_rows BEFORE UPDATE OR DELETE ON low_score FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER pre_contact_keep_rows BEFORE UPDATE OR DELETE ON pre_contact FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER return_visit_keep_rows BEFORE UPDATE OR DELETE ON return_visit FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER service_item_record_keep_rows BEFORE UPDATE OR DELETE ON service_item_record FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER visit_day_keep_rows BEFORE UPDATE OR DELETE ON visit_day FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER visit_member_keep_rows BEFORE UPDATE OR DELETE ON visit_member FOR EACH ROW EXECUTE FUNCTION weiran_keep_archived();

CREATE OR REPLACE TRIGGER case_file_item_keep_rows BEFORE INSERT OR UPDATE OR DELETE ON case_file_item FOR EACH ROW EXECUTE FUNCTION weiran_keep_sealed();

CREATE OR REPLACE TRIGGER case_file_keep_rows BEFORE UPDATE OF number, policy_id, visit_id, title, state, sealed_at, sealed_by, confirmed_by, chain_head OR DELETE ON case_file FOR EACH ROW WHEN (OLD.state = 'sealed') EXECUTE FUNCTION weiran_refuse('sealed');

CREATE OR REPLACE TRIGGER case_file_keep_retention BEFORE UPDATE OF retain_until ON case_file FOR EACH ROW WHEN (NEW.retain_until < OLD.retain_until OR (NEW.retain_until IS NULL AND OLD.retain_until IS NOT NULL)) EXECUTE FUNCTION weiran_refuse('kept longer');

CREATE INDEX IF NOT EXISTS cases_search ON cases USING gin (to_tsvector('simple'::regconfig, bigrams));

CREATE INDEX IF NOT EXISTS hazard_template_search ON hazard_template USING gin (to_tsvector('simple'::regconfig, bigrams));

CREATE INDEX IF NOT EXISTS organization_search ON organization USING gin (to_tsvector('simple'::regconfig, bigrams));

CREATE INDEX IF NOT EXISTS person_search ON person USING gin (to_tsvector('simple'::regconfig, bigrams));

CREATE INDEX IF NOT EXISTS work_item_search ON work_item USING gin (to_tsvector('simple'::regconfig, bigrams));
