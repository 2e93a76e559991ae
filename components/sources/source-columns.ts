/** The grid that the head and every row of a source list share: fewer columns on a smaller screen, down to the name and the menu. */
export const sourceGrid =
  'grid gap-x-4 px-3 grid-cols-[minmax(0,1fr)_1.75rem] sm:grid-cols-[minmax(0,1fr)_7rem_6.5rem_1.75rem] md:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)_7rem_6.5rem_1.75rem] lg:grid-cols-[minmax(0,1fr)_minmax(0,1.35fr)_5rem_8rem_7rem_7rem_1.75rem]'

export const fromSmall = 'hidden sm:block'
export const fromMedium = 'hidden md:block'
export const fromLarge = 'hidden lg:block'
