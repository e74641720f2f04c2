"""The knowledge base: articles, guided flows, and the decision to answer, ask back or hand over."""
