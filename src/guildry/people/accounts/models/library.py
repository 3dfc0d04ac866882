"""What the fields of the libraries' models hold; those tables keep what people prove themselves with."""

from guildry.kernel import inventory
from guildry.kernel.inventory import DataClass, ForeignInventory


def _entry(model: str, purpose: str, **classes: str) -> ForeignInventory:
    """Build an entry from `data class="field field"` pairs."""
    fields: dict[str, DataClass] = {}
    for name, listed in classes.items():
        fields.update(dict.fromkeys(listed.split(), getattr(inventory, name.upper())))
    return ForeignInventory(model, fields, "administrator", purpose)


INVENTORY = (
    _entry(
        "contenttypes.ContentType",
        "The models there are, as Django numbers them.",
        reference="id app_label model",
    ),
    _entry(
        "auth.Permission",
        "Permissions of Django, which nothing here asks for.",
        reference="id name content_type codename",
    ),
    _entry("auth.Group", "Groups of Django, which nothing here asks for.", reference="id name"),
    _entry(
        "auth.Group_permissions",
        "Permissions of groups of Django, which nothing here asks for.",
        reference="id group permission",
    ),
    _entry(
        "account.EmailAddress",
        "The addresses a member proved to be theirs.",
        link="id user",
        contact="email",
        security="verified primary",
    ),
    _entry(
        "account.EmailConfirmation",
        "Confirmations of addresses that are on their way.",
        link="id email_address",
        security="created sent",
        secret="key",  # noqa: S106 - a field name
    ),
    _entry(
        "mfa.Authenticator",
        "What a member proves themselves with besides the password.",
        link="id user",
        security="type created_at last_used_at",
        secret="data",  # noqa: S106 - a field name
    ),
    _entry(
        "socialaccount.SocialAccount",
        "The accounts elsewhere that a member signs in with.",
        link="id user",
        security="provider uid last_login date_joined",
        profile="extra_data",
    ),
    _entry(
        "socialaccount.SocialApp",
        "Services that members may sign in with, as their library keeps them.",
        system="id provider provider_id name client_id key settings",
        secret="secret",  # noqa: S106 - a field name
    ),
    _entry(
        "socialaccount.SocialToken",
        "What services gave out when a member signed in with them.",
        link="id app account",
        secret="token token_secret",  # noqa: S106 - field names
        security="expires_at",
    ),
)

# Sealed by the adapter of second factors, and sealed anew when the key of the site rotates.
SEALED = frozenset({"mfa.Authenticator.data"})
# Tables the settings keep empty: addresses are proven by our own codes, services are set up by configuration, and their
# tokens are not kept.
UNUSED = frozenset(
    {
        "account.EmailConfirmation.key",
        "socialaccount.SocialApp.secret",
        "socialaccount.SocialToken.token",
        "socialaccount.SocialToken.token_secret",
    }
)
