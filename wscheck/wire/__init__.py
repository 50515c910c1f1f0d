"""The wire: one WebSocket session held, and a record made of all that happens; alone imports websockets."""
