import type { FilesConnector } from './contract'
import { filesListTests } from './suite/files-list-tests'
import { filesReadTests } from './suite/files-read-tests'
import { filesCheckTests } from './suite/files-check-tests'
import { filesChangeTests } from './suite/files-change-tests'
import type { SuiteStore } from './suite/suite-store'

/** The contract of connectors that read files, as tests that each of them passes against a store that is not its own code. */
export function filesConnectorSuite<Config>(connector: FilesConnector<Config>, store: () => SuiteStore): void {
  filesCheckTests(connector, store)
  filesListTests(connector, store)
  filesReadTests(connector, store)
  filesChangeTests(connector, store)
}
