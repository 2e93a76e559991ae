/** The grid that the head and every row of a schema list share: on a small screen the name, the switch and the menu, with the rest below. */
export const schemaGrid =
  'grid items-start gap-x-3 px-2 grid-cols-[1rem_minmax(0,1fr)_2rem_1.75rem] lg:grid-cols-[1rem_minmax(0,1.15fr)_2rem_minmax(0,1.15fr)_minmax(0,1fr)_5.25rem_5rem_minmax(0,17.5rem)_1.75rem]'

/** Cells that stand in the second line on a small screen. */
export const schemaWideOnly = 'hidden lg:block'
