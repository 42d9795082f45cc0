"""Files that belong to a customer: names, types, scanning, storage and previews."""
