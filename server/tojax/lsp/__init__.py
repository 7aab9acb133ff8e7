"""The language server: `tojax serve`. One file per feature under `features/`."""
