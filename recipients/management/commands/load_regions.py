from typing import Any

from django.core.management.base import BaseCommand

from recipients.regions import load_regions


class Command(BaseCommand):
    help = "Loads the district, its 21 sub-districts and 254 villages; may run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_regions()} regions loaded.")
