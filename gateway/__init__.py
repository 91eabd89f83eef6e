"""The window: HTTP interface, cases, dispatch, merge, store, command line."""
