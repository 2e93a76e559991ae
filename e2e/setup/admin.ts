/** The administrator of the installation that the browser tests use. */
export const admin = { name: 'Ada', email: 'ada@example.com', password: 'an honest engine' }
