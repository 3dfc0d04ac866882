"""Every stored field says what it holds and what becomes of it."""

from django.apps import apps

from guildry.kernel import inventory
from guildry.kernel.points import FOREIGN_INVENTORY
from guildry.ops.governance import queries as governance


def test_every_field_is_classified() -> None:
    unclassified = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if inventory.class_of(field, FOREIGN_INVENTORY.get(model._meta.label)) is None
    ]

    assert unclassified == []


def test_nothing_secret_is_exported_logged_or_kept_offline() -> None:
    loose = [
        name
        for name, data_class in vars(inventory).items()
        if isinstance(data_class, inventory.DataClass)
        and data_class.is_secret
        and (data_class.offline or data_class.log != "never" or data_class.export != "no")
    ]

    assert loose == []


def test_a_foreign_inventory_names_real_fields() -> None:
    wrong = [
        f"{entry.model}.{name}"
        for entry in FOREIGN_INVENTORY
        for name in entry.fields
        if name not in {field.name for field in apps.get_model(entry.model)._meta.local_fields}
    ]

    assert wrong == []


def test_somebody_answers_for_every_table_and_every_row_has_a_member_or_a_reason() -> None:
    assert governance.unowned() == []
