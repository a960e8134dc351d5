// What a field for an address says, in English.
export default {
  addresses: {
    found: 'Addresses found',
    count: '{n} address found|{n} addresses found',
    elsewhere: 'Search beyond the file',
    nowhere: 'Nothing found. What you wrote stays as it is.',
    exact: 'Where this address is, by the address file.',
    street: 'About the middle of the street: add the number.',
  },
};
