import type { Instruction } from '../contract'

export const POSTGRES_INSTRUCTIONS: Instruction[] = [
  {
    title: 'Make a user that can only read',
    text: 'Run this in the database as its owner. Repeat the last three lines for each schema that is to be synced.',
    code: [
      `CREATE ROLE tributary_reader LOGIN PASSWORD 'choose-a-long-password';`,
      `GRANT CONNECT ON DATABASE your_database TO tributary_reader;`,
      `GRANT USAGE ON SCHEMA public TO tributary_reader;`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO tributary_reader;`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO tributary_reader;`,
    ].join('\n'),
  },
  {
    title: 'Let our addresses in',
    text: 'Allow the inbound IP addresses shown here in the firewall or security group of the database, for its port. A server of your own also needs a line in pg_hba.conf for each address; reload it afterwards.',
    code: ['hostssl your_database tributary_reader 203.0.113.7/32 scram-sha-256', '', `SELECT pg_reload_conf();`].join('\n'),
  },
  {
    title: 'Encrypt the connection',
    text: 'Over the internet choose sslmode require, or better verify-full, which also makes sure that the server is the right one. Paste the CA certificate of your provider there; leave it blank when the certificate is publicly trusted.',
  },
  {
    title: 'Tables with row-level security',
    text: 'A copy that lacks rows without saying so would be a wrong number, so that these tables are refused until the user sees all of their rows.',
    code: 'ALTER ROLE tributary_reader BYPASSRLS;',
  },
  {
    title: 'Read from a replica where you can',
    text: 'A sync reads each table in one snapshot and takes no locks that stop anybody from writing. On a replica, long reads may be cancelled to keep up with the primary; this setting on the replica prevents it.',
    code: `ALTER SYSTEM SET hot_standby_feedback = on;\nSELECT pg_reload_conf();`,
  },
]
