-- Whoever runs the consumer may ask whether the database is of this version: coop-admin doctor.

grant select on ingest.migration to coop_consumer;
