export { Identicon } from '../../ui/Identicon.tsx';
export { AddressButtons } from './AddressButtons.tsx';
