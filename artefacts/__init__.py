"""Pure readers of what is written down: definitions, cloud assemblies, policies. They import nothing else of ours."""
