/** Connectors with a mark of their own in public/connectors. */
const marks = new Set(['azure-blob', 'gcs', 'google-sheets', 'https', 'postgres', 'r2', 's3', 'sample-shop', 'stripe', 'upload'])

const sizes = { sm: 'size-5 text-[10px]', md: 'size-8 text-xs', lg: 'size-10 text-sm' } as const

interface ConnectorIconProps {
  /** The connector's id. */
  connector: string
  /** Its label: gives the letters where there is no mark. */
  label?: string
  size?: keyof typeof sizes
  className?: string
}

/** A connector's mark. It is decoration: the name always stands beside it. */
export function ConnectorIcon({ connector, label = connector, size = 'md', className = '' }: ConnectorIconProps) {
  if (marks.has(connector)) {
    // A plain image: a few hundred bytes of SVG gain nothing from being resized on the server.
    return <img src={`/connectors/${connector}.svg`} alt="" aria-hidden className={`${sizes[size]} shrink-0 ${className}`} />
  }
  return (
    <span aria-hidden className={`${sizes[size]} inline-flex shrink-0 items-center justify-center rounded-md border border-border bg-muted font-semibold text-muted-foreground ${className}`}>
      {monogram(label)}
    </span>
  )
}

function monogram(label: string): string {
  const words = label.split(/[\s_-]+/).filter(Boolean)
  const letters = words.length > 1 ? words.map((word) => word.charAt(0)).join('') : label
  return letters.slice(0, 2).toUpperCase()
}
