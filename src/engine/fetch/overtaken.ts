/** The reason with which a question is given up because a peer that was asked later has answered it. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
  constructor() {
    super('another peer has answered');
  }
}
