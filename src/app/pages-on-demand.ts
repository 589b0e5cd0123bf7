/** The pages that most visits never open: one file, loaded with the first of them. */
export { AccountPage } from './chains/albatross/accounts/AccountPage.tsx';
export { ProofPage } from './proof/ProofPage.tsx';
