"""Registration of the contracts app."""

from django.apps import AppConfig

from guildry.kernel import points
from guildry.kernel.points import Command, ContractDocument


class ContractsConfig(AppConfig):
    name = "guildry.ops.contracts"
    label = "contracts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.ops.contracts import commands, queries

        points.CONTRACT_DOCUMENTS.register(
            ContractDocument("asyncapi", "Socket events", queries.asyncapi),
            ContractDocument("offline", "Offline boxes", queries.offline),
        )
        points.COMMANDS.register(
            Command("contracts emit", "Write the contracts down", commands.emit, commands.emit_arguments),
            Command(
                "contracts clients", "Write clients of the API", commands.clients, commands.clients_arguments
            ),
            Command("contracts diff", "Say how contracts differ", commands.diff, commands.diff_arguments),
            Command(
                "contracts release",
                "Keep the contracts of a version",
                commands.release,
                commands.release_arguments,
            ),
        )
