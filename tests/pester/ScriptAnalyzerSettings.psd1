@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # Pester's blocks share variables in a way that the rule does not see.
        'PSUseDeclaredVarsMoreThanAssignments'
    )
}
