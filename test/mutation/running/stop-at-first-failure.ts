import * as fc from 'fast-check';

// A property that has failed has done its work: looking for the smallest counterexample would take time for nothing.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
