/** Tabs inside a page and tabs that are links look the same. */
export const tabListClasses = 'flex items-stretch gap-4 border-b overflow-x-auto [scrollbar-width:none]'
export const tabClasses =
  'relative -mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent whitespace-nowrap text-muted-foreground transition-colors hover:text-foreground focus-visible:-outline-offset-2 aria-[current=page]:border-primary aria-[current=page]:text-foreground data-[state=active]:border-primary data-[state=active]:text-foreground'
