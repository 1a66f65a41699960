"""金东人社〔2021〕14号 as data (`2021-14.toml`), and the pure functions that read only the notice."""
