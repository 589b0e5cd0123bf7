/**
 * The numbers that define MNT6-753, its twist and its pairing. Source: the curve as arkworks publishes it
 * (github.com/arkworks-rs/curves, mnt6_753), the relations between the numbers verified (Albatross cryptography reference, 4.1); the
 * test beside this file compares each of them with the vectors and checks what they must satisfy.
 * @module
 */

/** Numbers too long for a line come in two pieces of hexadecimal digits. */
function hex(...pieces: string[]): bigint {
  return BigInt(`0x${pieces.join('')}`);
}

/** The field's prime p, 753 bits; p - 1 = 2^30 · odd, and p mod 6 = 1. */
export const P = hex(
  '1c4c62d92c41110229022eee2cdadb7f997505b8fafed5eb7e8f96c97d87307fdb925e8a0ed8d99d124d9a15a',
  'f79db26c5c28c859a99b3eebca9429212636b9dff97634993aa4d6c381bc3f0057974ea099170fa13a4fd90776e240000001',
);

/** The prime order r of G1, G2 and GT, 753 bits. All of E(Fq) has this order, so G1 needs no subgroup check. */
export const R = hex(
  '1c4c62d92c41110229022eee2cdadb7f997505b8fafed5eb7e8f96c97d87307fdb925e8a0ed8d99d124d9a15a',
  'f79db117e776f218059db80f0da5cb537e38685acce9767254a4638810719ac425f0e39d54522cdd119f5e9063de245e8001',
);

/** E: y² = x³ + A x + B over Fq. */
export const A = 11n;
export const B = hex(
  '7da285e70863c79d56446237ce2e1468d14ae9bb64b2bb01b10e60a5d5dfe0a25714b7985993f62f03b22a9a',
  '3c737a1a1e0fcf2c43d7bf847957c34cca1e3585f9a80a95f401867c4e80f4747fde5aba7505ba6fcf2485540b13dfc8468a',
);

/** Fq3 = Fq[u] / (u³ - 11) and Fq6 = Fq3[v] / (v² - u); 11 is neither a square nor a cube. */
export const NON_RESIDUE = 11n;

/** p - 1 = 2^30 · odd. */
export const TWO_ADICITY = 30;

/** 17^((p - 1) / 2^30), of order 2^30; 17 generates the field's multiplicative group. */
export const ROOT_OF_UNITY = hex(
  '3ab21ec4c2f1e95f302b7aa50fe12798a4a5f6ef70223bac2d980f26d6596174179a60b63269a02f96c6f7c5',
  '26a7cb05d1f14365bd5957a63011058f69e5d55c78900b33b672cb7d1fcfd6ee380914fbaaff15a8687fef0f1050acbb759b',
);

/** g = 11^((p - 1) / 6), of order 6: the p-th power of v is g v. Hence g² = g - 1, g³ = -1, g⁴ = -g. */
export const FROBENIUS = hex(
  '104bfca50c155ccf7630018181216153e614fa02bc7ccc36b0487a10b6591ee4c4c1ed83019ea9681c44e3955',
  '2f77e8269e0cc7305197fb5ec688b3bdef7ac25f088bdeaa96e6269e9ebd7f381482ac4965ba6d347570781b72fbc99a1965',
);

/**
 * T = t - 1, with t the trace of Frobenius, 377 bits: the length of the Miller loop, an exponent of the final exponentiation, and the
 * factor by which Frobenius multiplies on G2.
 */
export const T = hex('15474b1d641a3fd86dcbcee5dcda7fe51852c8cbe26e600733b714aa43c31a66b0344c4e2c428b07a7713041ba18000');

/** The generator of G1: x, y. */
export const G1_GENERATOR = {
  x: hex(
    '255f8e876e831147412cfb1002284f30338088131c2437e884c4997fd1dcb409367d0c0d5fc5e818771b931f',
    '1d5bdd069ce5e3c57b6df120cee3cd9d867e66d11acbf7da60895b8b3d9d442c4c4123329a6fefa9a1f3f7a1fbd93a7bffb8',
  ),
  y: hex(
    '128c02fff6e2eb3fca70dc1063bac34551801202a3585bdd6d7722c6c07d7873bb02d4c7a18ed9c4bd3c7ed0f',
    'fb31c57e610dc7a593cce5a792e94d0020c335b74d9992f5cbf4b2cc4c42eff9a5a6c4521df9855687139f0c51754c0ccc49',
  ),
} as const;

/** The generator of G2, on the twist: x and y with their coefficients of 1, u and u². */
export const G2_GENERATOR = {
  x: {
    c0: hex(
      '1267c08301ffc470b2c74e76ba49c796df729ff6b68f7cf7399947c68c8f8c065a7742922138b07b78bdd4039',
      'fc1bc9ec81adc2b8fa170129b4202c158d66a61fe12925cf0d266dfc3430ecaef072dcf07a24199b60542b75e5f0b36f7ebc',
    ),
    c1: hex(
      '1827732f805b7b8c7ba378b5f92be18fb0be4048b9c6325a99179cd231c9f32abe7874179a58a8c8505b8aff8',
      '3c92eb50fc641e0a30499ba49f5f2facddc02082aa2f7c48af13fcb0f274bfc361d48335c71b59ae90240a6f6393835c7890',
    ),
    c2: hex(
      '18f5b1114d5b9cee18f45c43d8c85b0dbff4241c21ae3729f8a86d0af895a0ceebbfc180429245bed2b101fbf',
      '50445e8692443a03736d33a1b6f10235122dfe7bc306aa008ac103c6694ae9bfb5046dfb752448ff233a73f020c39d368566',
    ),
  },
  y: {
    c0: hex(
      '1b7555e50829d36d864747081c5e62641dd349537d9d35715a434ce1557831773522b988bf6e73b358b23952',
      '8c39ffc0b7b7dcc17e661f5c2180ab0c4789a4220334ef5a9aa0f9603fcd8edbab9e0c12f1bc58e0ee1646735675b756c457',
    ),
    c1: hex(
      '53f47f30457258ab9d593625c834d75c14d47a3d2ee8c7345438db8876e2eb929f3a14ee3efcc99b5515eb65',
      'd2157adb955d8fc4c25ff270d8c28ed7311f4f6e43f0f81fc9e1712d14ab0519a91b0f51bcaecc0726a5860d26cad3df2679',
    ),
    c2: hex(
      'e318a4c659b1fb58291798059833010dd5e611100ef0cda2999171ddb7371e8d3e06dfb7fbde0f7e481a01e3',
      '99d5e567fe6b2b9e1f7b1453731e19e2b0d2d3fd75b8c94b3fc5395944539534016c6057d8e48c98a0b268d353a163b8ae79',
    ),
  },
} as const;
