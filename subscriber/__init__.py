"""The operator's systems (customers, services, outages, line test) behind one door: `subscriber.client`."""
