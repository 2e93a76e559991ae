import { Fragment } from 'react'

/** An address in a sentence, without the mark that ends or divides the sentence. */
const ADDRESS = /(https:\/\/[^\s,;()]*[^\s,;().:!?])/

/** Words of our own, such as what to do about an error; an https address in them is a link, in a tab of its own that learns nothing of this one. */
export function LinkedText({ children }: { children: string }) {
  return children.split(ADDRESS).map((part, place) => (
    <Fragment key={place}>
      {place % 2 ? <a href={part} target="_blank" rel="noopener noreferrer" className="rounded-sm underline underline-offset-2 [overflow-wrap:anywhere]">{part.slice('https://'.length)}<span className="sr-only"> (opens in a new tab)</span></a> : part}
    </Fragment>
  ))
}
