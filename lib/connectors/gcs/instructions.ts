import type { Instruction } from '../contract'

export const GCS_INSTRUCTIONS: Instruction[] = [
  {
    title: 'A bucket',
    text: 'Files that are in a bucket already stay where they are. For a new one, choose “Create” under Cloud Storage, Buckets; keep public access prevented.',
    link: { label: 'Buckets', url: 'https://console.cloud.google.com/storage/browser' },
  },
  {
    title: 'A service account that can only read, and its key',
    text: 'Make a service account without roles for the project, give it the role Storage Object Viewer on the bucket alone, make a key of the type JSON, and paste the whole file. On the command line:',
    code: [
      'gcloud iam service-accounts create tributary-reader',
      'gcloud storage buckets add-iam-policy-binding gs://BUCKET \\',
      '  --member=serviceAccount:tributary-reader@PROJECT.iam.gserviceaccount.com \\',
      '  --role=roles/storage.objectViewer',
      'gcloud iam service-accounts keys create key.json \\',
      '  --iam-account=tributary-reader@PROJECT.iam.gserviceaccount.com',
    ].join('\n'),
    link: { label: 'Service accounts', url: 'https://console.cloud.google.com/iam-admin/serviceaccounts' },
  },
  {
    title: 'Or an HMAC key',
    text: 'Where an organisation forbids key files: under Cloud Storage, Settings, Interoperability, make a key for that service account, and enter the access key and the secret.',
    code: 'gcloud storage hmac create tributary-reader@PROJECT.iam.gserviceaccount.com',
    link: { label: 'Interoperability', url: 'https://console.cloud.google.com/storage/settings;tab=interoperability' },
  },
  {
    title: 'The address of the files',
    text: '* stands for anything within a folder, ** for any folders; an address that ends in / means everything beneath. Airbyte makes a folder for each stream, Fivetran one for each schema and table.',
    code: 'gs://BUCKET/orders/*.parquet\ngs://BUCKET/orders/**/*.csv.gz\nhttps://storage.googleapis.com/BUCKET/orders/*.parquet',
  },
]
