"""Layers copy nothing, and what is made later is made once, by the first look."""

import pytest

from forms.layers import Later, Layers


class Unread(dict):
    """A layer that may be asked for its names and not for a value."""

    def __getitem__(self, name):
        """Fail."""
        raise AssertionError(f"{name} was read")


def test_a_stronger_layer_spares_the_weaker_one():
    layers = Layers({"a": 1}, Unread(a=2))
    assert layers["a"] == 1


def test_a_name_that_no_layer_knows_is_missing():
    layers = Layers({"a": 1}, {"b": 2})
    assert layers.get("c") is None
    with pytest.raises(KeyError):
        layers["c"]


def test_layers_give_each_name_once():
    layers = Layers({"a": 1, "b": 2}, {"b": 3, "c": 4})
    assert sorted(layers) == ["a", "b", "c"]
    assert dict(layers) == {"a": 1, "b": 2, "c": 4}
    assert len(layers) == 3


def test_a_later_mapping_is_made_by_the_first_look_and_never_again():
    made = []
    later = Later(lambda: made.append(1) or {"a": 1})
    assert made == []
    assert (later["a"], len(later), list(later)) == (1, 1, ["a"])
    assert made == [1]
