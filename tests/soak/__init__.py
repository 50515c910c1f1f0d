"""What a pass and a fail are worth over hours: deployments and standstills by chance, a few in the tests, many here."""
