/**
 * DNS services whose names contain the address they lead to (`203-0-113-7.sslip.io`), or all lead to this machine (`x.lvh.me`). An operator
 * of one server gets any number of names from each service for free, and a name may lead into the network of the client that dials it. So
 * all of them count as one operator, and a contact from an unknown peer with such a name is not dialled. The list holds the best-known
 * services. All names of a service that is missing still count as one, because they share a registrable domain.
 */
const SERVICES: readonly string[] = [
  '127-0-0-1.ip.parts', '127-0-0-1.org.uk', '1u.ms', 'backname.io', 'cprapid.com', 'ddev.site', 'docksal.site', 'fuf.me', 'lacolhost.com', 'local-ip.co', 'local-ip.medicmobile.org', 'local-ip.sh', 'local.gd', 'localhost.direct', 'localdev.me', 'localho.st', 'localtest.me', 'lndo.site',
  'lvh.me', 'nip.io', 'plex.direct', 'rbndr.us', 'smackaho.st', 'sslip.io', 'traefik.me', 'vcap.me', 'xip.io', 'yoogle.com',
];

/** Whether a name, in canonical form, belongs to such a service. */
export function isWildcardDns(host: string): boolean {
  return SERVICES.some((service) => host === service || host.endsWith(`.${service}`));
}
