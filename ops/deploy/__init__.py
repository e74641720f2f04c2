"""Images, Compose file and Helm chart (docs/deploy.md)."""
