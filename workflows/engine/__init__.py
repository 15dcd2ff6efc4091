"""A durable BPMN engine behind five verbs; the only importer of SpiffWorkflow."""
