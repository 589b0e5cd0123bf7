/** The texts of the events of a block. */
export const eventTexts = {
  title: 'Events',
  notFinal: 'This block is not final. Its events can be proven once it is.',
  notHeld: 'This browser does not hold the events of this block: it is too old here, or only its header was fetched.',
  about: (resource: string) => `on ${resource}`,
  by: 'by',
  id: 'event',
  ofEvent: (id: string) => `of event ${id.slice(0, 8)}`,
} as const;
