/** What following a source's changes means, in the wizard and in the settings alike. */
export const followWords = {
  label: 'Follow changes',
  meaning: 'Reads only what the source’s own record of changes names since the last sync: new and changed rows take the place of their older state, and deleted rows go.',
  /**
   * @param canReconcile may it be listed from time to time? Not where the source forgets its rows.
   * @param often how often that is, or where it is chosen.
   */
  price: (canReconcile: boolean, often = 'weekly, unless the settings say otherwise') => canReconcile
    ? `A deletion that this record leaves out is only found when everything is listed again: ${often}.`
    : 'The source forgets its rows as they age. What was read once stays here.',
}

/** What reading the whole list at each sync means, where a source has a record of changes or none. */
export const fullListWords = {
  meaning: (canForget: boolean) => canForget
    ? 'Reads every row that the source still has at each sync. Rows that it forgot stay here.'
    : 'Reads every row at each sync and replaces the table in one step. Updates and deletions are always seen.',
  price: 'Time and load on the source grow with the table.',
}
