"""Sample declarations, one import and one export, valid and consistent in themselves."""
