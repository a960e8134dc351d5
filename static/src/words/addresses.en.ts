// What a field for an address says, in English.
export default {
  addresses: {
    found: 'Addresses found',
    count: '{n} address found|{n} addresses found',
    exact: 'Where this address is, by the address file.',
    street: 'About the middle of the street: add the number.',
  },
};
