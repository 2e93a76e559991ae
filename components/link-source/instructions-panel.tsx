import { ArrowUpRight, ChevronRight } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'
import type { InboundAddresses } from '@/lib/sources/link-schema'
import type { ConnectorView } from '@/lib/sources/schema'

interface InstructionsPanelProps {
  connector: ConnectorView
  inbound: InboundAddresses
}

/** How to prepare this source, beside the form where there is room. */
export function InstructionsPanel(props: InstructionsPanelProps) {
  return (
    <aside aria-label={titleOf(props.connector)} className="hidden xl:block">
      <div className="sticky top-[calc(var(--header-height)+24px)] max-h-[calc(100dvh-var(--header-height)-48px)] overflow-y-auto pr-1">
        <Instructions {...props} />
      </div>
    </aside>
  )
}

/** The same folded into a line, where there is no room beside the form: above the fields that it helps to fill. */
export function InstructionsFold({ className, ...props }: InstructionsPanelProps & { className?: string }) {
  return (
    <details className={cn('group rounded-md border border-border xl:hidden', className)}>
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-md px-3 py-2 text-base font-medium">
        <ChevronRight aria-hidden className="size-4 text-muted-foreground transition-transform group-open:rotate-90" />
        {titleOf(props.connector)}
      </summary>
      <div className="border-t border-border p-3">
        <Instructions {...props} />
      </div>
    </details>
  )
}

function titleOf({ label, files }: ConnectorView): string {
  return files?.byHand ? 'How uploads become tables' : `How to prepare ${label}`
}

/** Where a person says where the source is, a firewall of theirs comes first; else the outside system's own steps do. */
function Instructions({ connector, inbound }: InstructionsPanelProps) {
  const isTheirs = connector.fields.some((field) => field.isDestination && field.required)
  // nothing is asked for where people bring the files themselves
  const addresses = connector.files?.byHand ? null : <InboundAddressList inbound={inbound} label={connector.label} isTheirs={isTheirs} />
  return (
    <div className="grid gap-5 text-sm">
      {isTheirs ? addresses : null}
      {connector.instructions.map((instruction) => (
        <section key={instruction.title} className="grid gap-1.5">
          <h3 className="text-sm font-semibold">{instruction.title}</h3>
          <p className="text-muted-foreground">{instruction.text}</p>
          {instruction.link ? <OutsideLink {...instruction.link} /> : null}
          {instruction.code ? <Code code={instruction.code} title={instruction.title} /> : null}
        </section>
      ))}
      {isTheirs ? null : addresses}
    </div>
  )
}

/** A page of the outside system, in a tab of its own that learns nothing of this one. Only https is ever a link. */
function OutsideLink({ label, url }: { label: string; url: string }) {
  if (!url.startsWith('https://')) return null
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" className="inline-flex w-fit max-w-full items-center gap-1 rounded-sm text-link underline-offset-2 hover:underline">
      <span className="min-w-0">{label}</span>
      <ArrowUpRight aria-hidden className="size-3.5 shrink-0" />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  )
}

function Code({ code, title }: { code: string; title: string }) {
  return (
    <div className="relative rounded-md border border-border bg-muted">
      {/* a long list scrolls in a box of its own, which must be reachable by keyboard */}
      <pre tabIndex={0} role="group" aria-label={title} className="max-h-32 overflow-y-auto rounded-md p-3 pr-10 font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]">{code}</pre>
      <CopyButton value={code} label={`Copy the code of: ${title}`} className="absolute top-1 right-1 bg-muted" />
    </div>
  )
}

function InboundAddressList({ inbound, label, isTheirs }: { inbound: InboundAddresses; label: string; isTheirs: boolean }) {
  const all = inbound.regions.flatMap((region) => region.addresses)
  return (
    <section className="grid gap-1.5">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">{isTheirs ? 'Allow these addresses' : 'Inbound IP addresses'}</h3>
        <CopyButton value={all.join('\n')} label="Copy all" showLabel />
      </div>
      <p className="text-muted-foreground">
        {inbound.isOwn
          ? isTheirs
            ? `Where a firewall guards ${label}, let these inbound addresses in.`
            : `Where ${label} takes requests from known addresses only, allow these.`
          : `Hosted Tributary connects from these. A server of your own connects from its own address: allow that one instead.`}
      </p>
      {inbound.regions.map(({ region, addresses }) => (
        <ul key={region ?? ''} aria-label={region ? `Addresses of the region ${region}` : 'Addresses'} className="divide-y divide-border rounded-md border border-border">
          {addresses.map((address) => (
            <li key={address} className="flex h-8 items-center gap-2 pr-0.5 pl-2.5">
              {region ? <span className="w-6 text-xs text-muted-foreground">{region}</span> : null}
              <code className="flex-1 font-mono text-xs">{address}</code>
              <CopyButton value={address} label={`Copy ${address}`} />
            </li>
          ))}
        </ul>
      ))}
    </section>
  )
}
