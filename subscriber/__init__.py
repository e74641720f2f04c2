"""The operator's systems behind one door: customers, services, outages, line tests."""
