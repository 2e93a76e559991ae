import type { Instruction } from '../contract'

export const AZURE_INSTRUCTIONS: Instruction[] = [
  {
    title: 'A storage account and a container',
    text: 'Files that are in a container already stay where they are. For a new one, make a storage account in the Azure portal, and in it, under Containers, a container; access stays private.',
    link: { label: 'Storage accounts', url: 'https://portal.azure.com/#view/HubsExtension/BrowseResource/resourceType/Microsoft.Storage%2FStorageAccounts' },
  },
  {
    title: 'A signature that can only read',
    text: 'Open the container, then Shared access tokens. Tick Read and List alone, choose how long it should be good, and press “Generate SAS token and URL”. Copy the “Blob SAS token”: it is shown once. Or make it on the command line:',
    code: 'az storage container generate-sas \\\n  --account-name ACCOUNT --name CONTAINER \\\n  --permissions rl --expiry 2027-12-31T00:00Z --https-only --output tsv',
  },
  {
    title: 'Or an account key',
    text: 'Security + networking, Access keys, key1, Show. A key may do everything with the whole account and never expires: a signature is the better choice.',
  },
  {
    title: 'A firewall',
    text: 'If the account only lets in selected networks, add the inbound IP addresses below under Networking.',
  },
  {
    title: 'The address of the files',
    text: '* stands for anything within a folder, ** for any folders. az:// is short for the account of this source. Airbyte writes a folder for each stream into the container, Fivetran one for each schema and table.',
    code: 'https://ACCOUNT.blob.core.windows.net/CONTAINER/orders/*.parquet\naz://CONTAINER/orders/**/*.csv.gz\nabfss://CONTAINER@ACCOUNT.dfs.core.windows.net/orders/**',
  },
]
