# Keys: where they are kept and looked for, that they are never shown, and that they are tested for free.

Describe 'Credentials' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor
        $saved = @{ Home = $env:HOME; Path = $env:PSModulePath; OpenAI = $env:OPENAI_API_KEY; Bfl = $env:BFL_API_KEY }
        $secret = 'sk-nobody-may-read-this-0123456789'

        function ConvertTo-Secret([string] $Text) {
            [Net.NetworkCredential]::new('', $Text).SecurePassword
        }

        # A stand-in for the SecretManagement module, with one vault.
        function Add-Vault([hashtable] $Secrets, [string] $Body = '') {
            $folder = Join-Path $PWD.ProviderPath modules Microsoft.PowerShell.SecretManagement
            $null = New-Item -ItemType Directory $folder
            $Secrets | ConvertTo-Json | Set-Content (Join-Path $folder vault.json)
            Set-Content (Join-Path $folder Microsoft.PowerShell.SecretManagement.psm1) @"
`$file = Join-Path `$PSScriptRoot vault.json
function Read { Get-Content `$file -Raw | ConvertFrom-Json -AsHashtable }
function Get-Secret {
    [CmdletBinding()] param([Parameter(Mandatory)] [string] `$Name, [string] `$Vault, [switch] `$AsPlainText)
    Add-Content (Join-Path `$PSScriptRoot asked.txt) `$Name
    $Body
    `$all = Read
    if (-not `$all.ContainsKey(`$Name)) {
        Write-Error "The secret `$Name was not found." -Category ObjectNotFound -ErrorId GetSecretNotFound
        return
    }
    if (`$AsPlainText) { `$all[`$Name] } else { ConvertTo-SecureString `$all[`$Name] -AsPlainText }
}
function Set-Secret {
    [CmdletBinding()] param([string] `$Name, [string] `$Vault, [securestring] `$SecureStringSecret)
    if (`$Vault -ne 'Mine') { throw "There is no vault `$Vault." }
    `$all = Read
    `$all[`$Name] = ConvertFrom-SecureString `$SecureStringSecret -AsPlainText
    `$all | ConvertTo-Json | Set-Content `$file
}
function Remove-Secret {
    [CmdletBinding()] param([string] `$Name, [string] `$Vault)
    `$all = Read
    `$all.Remove(`$Name)
    `$all | ConvertTo-Json | Set-Content `$file
}
Export-ModuleMember -Function *-Secret
"@
            $env:PSModulePath = (Join-Path $PWD.ProviderPath modules) + [IO.Path]::PathSeparator + $saved.Path
        }

        function Get-Asked {
            Get-Content modules/Microsoft.PowerShell.SecretManagement/asked.txt -ErrorAction Ignore
        }

        # The same in a session of its own, where nobody can be asked.
        function Invoke-Session([string] $Script) {
            pwsh -NoProfile -NonInteractive -Command "Import-Module '$(Join-Path $root output PSImageGen)'; $Script"
        }
    }

    AfterAll {
        $env:HOME = $saved.Home
        Disconnect-Vendor
    }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $env:PSIMAGEGEN_STATE = Join-Path $PWD.ProviderPath state
        $env:OPENAI_API_KEY = $saved.OpenAI
        $env:BFL_API_KEY = $saved.Bfl
    }

    AfterEach {
        $env:PSModulePath = $saved.Path
        Remove-Module Microsoft.PowerShell.SecretManagement -ErrorAction Ignore
        Pop-Location
    }

    Context 'Keeping' {
        It 'keeps a key for all sessions, for its owner alone, and forgets it' {
            $env:OPENAI_API_KEY = $null
            $kept = Set-AIImageCredential OpenAI -Credential (ConvertTo-Secret $secret)

            $kept | Should -BeOfType PSImageGen.CredentialInfo
            $kept.Source | Should -Be 'Store'
            $kept.Present | Should -BeTrue
            $kept.Used | Should -BeTrue
            if (-not $IsWindows) {
                (Get-Item $kept.Name).UnixMode | Should -Be '-rw-------'
            }

            (Get-AIImageProvider OpenAI).Configured | Should -BeTrue
            $kept | Remove-AIImageCredential -Confirm:$false | Should -BeNullOrEmpty
            (Get-AIImageProvider OpenAI).Configured | Should -BeFalse
            (Get-Failure { Remove-AIImageCredential OpenAI }).FullyQualifiedErrorId | Should -BeLike 'CredentialMissing,*'
        }

        It 'takes a PSCredential, and calls use what is kept' {
            $key = $env:BFL_API_KEY
            $env:BFL_API_KEY = $null
            $null = Set-AIImageCredential bfl -Credential ([pscredential]::new('me', (ConvertTo-Secret " $key ")))

            (New-AIImage 'a fox' -Provider BFL -Confirm:$false).Status | Should -Be 'Succeeded'
        }

        It 'rehearses' {
            Set-AIImageCredential OpenAI -Credential (ConvertTo-Secret $secret) -WhatIf

            Test-Path state/keys | Should -BeFalse
        }

        It 'warns where another key is used' {
            $streams = Get-Stream { Set-AIImageCredential OpenAI -Credential (ConvertTo-Secret $secret) }

            $streams.Objects.Used | Should -BeFalse
            $streams.Warnings | Should -BeLike '*OPENAI_API_KEY*first*'
        }

        It 'refuses <What>, without showing it' -ForEach @(
            @{ What = 'plain text'; Call = { Set-AIImageCredential OpenAI -Credential $secret }; Id = 'ParameterArgumentTransformationError,*' }
            @{ What = 'what cannot be a key'; Call = { Set-AIImageCredential OpenAI -Credential (ConvertTo-Secret "$secret two") }; Id = 'CredentialMissing,*' }
        ) {
            $failure = Get-Failure $Call

            $failure.FullyQualifiedErrorId | Should -BeLike $Id
            ($failure | Format-List * -Force | Out-String -Width 1000) + ($failure.Exception | Format-List * -Force | Out-String -Width 1000) | Should -Not -BeLike "*$secret*"
            Test-Path state/keys | Should -BeFalse
        }

        It 'says what to type where nobody can be asked' {
            $said = Invoke-Session 'try { Set-AIImageCredential OpenAI -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.ErrorDetails.RecommendedAction }'

            $said[0] | Should -BeLike 'CredentialMissing,*'
            $said[1] | Should -BeLike '*-Credential*OPENAI_API_KEY*'
        }

        It 'is not for providers without keys' {
            (Get-Failure { Set-AIImageCredential Demo -Credential (ConvertTo-Secret $secret) }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        }
    }

    Context 'Looking' {
        It 'shows every place in order, which is used, and never a key' {
            $null = Set-AIImageCredential OpenAI -Credential (ConvertTo-Secret $secret) -WarningAction Ignore
            $places = Get-AIImageCredential OpenAI

            $places.Source | Should -Be 'Environment', 'Store'
            $places.Present | Should -Be $true, $true
            $places.Used | Should -Be $true, $false
            $everything = Get-AIImageCredential
            $everything.Provider | Select-Object -Unique | Should -Not -Contain 'Demo'
            $shown = ($everything | Format-List * -Force | Out-String -Width 500) + ($everything | Format-Table | Out-String -Width 80) + ($everything | ConvertTo-Json -Depth 5)
            $shown | Should -Not -BeLike "*$secret*"
            $shown | Should -Not -BeLike "*$env:OPENAI_API_KEY*"
            ($everything | Format-Table | Out-String -Width 80) -split '\r?\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        }

        It 'finds the key of a vault, as calls do, without a trace among the errors' {
            Add-Vault @{ OPENAI_API_KEY = $saved.OpenAI; BFL_API_KEY = $saved.Bfl }
            $env:OPENAI_API_KEY = $null
            $Error.Clear()

            (Get-AIImageCredential OpenAI | Where-Object Used).Source | Should -Be 'Vault'
            (New-AIImage 'a fox' -Confirm:$false -Provider OpenAI -Size 816x816).Provider | Should -Be 'OpenAI'
            (Get-AIImageProvider Fal).Configured | Should -BeFalse
            $Error | Should -BeNullOrEmpty
        }

        It 'does not open the vault for what has its key elsewhere' {
            Add-Vault @{ OPENAI_API_KEY = 'another' }

            $null = New-AIImage 'a fox' -Provider OpenAI -Size 816x816 -Confirm:$false
            $null = New-AIImage 'a fox' -Provider Demo -Size 256x256
            Get-Asked | Should -BeNullOrEmpty
            $places = Get-AIImageCredential | Where-Object Source -eq Vault
            ($places | Where-Object Present).Name | Should -Be 'OPENAI_API_KEY'
            $places.Note -join '' | Should -BeNullOrEmpty
            Get-Asked | Should -Be $places.Name
        }

        It 'goes on with a run by the key of a vault' {
            $task = New-AIImage 'a fox' -Provider BFL -NoWait -Confirm:$false
            Add-Vault @{ BFL_API_KEY = $saved.Bfl }
            $env:BFL_API_KEY = $null

            ($task | Resume-AIImageTask).Status | Should -Be 'Succeeded'
        }

        It 'says that a vault is locked, asks it once, and goes on' {
            Add-Vault @{} 'throw "The vault is locked."'
            $env:OPENAI_API_KEY = $null
            $env:BFL_API_KEY = $null
            $places = Get-AIImageCredential

            @($places | Where-Object Source -eq Vault)[-1].Note | Should -BeLike '*locked*'
            @(Get-Asked).Count | Should -Be 1
        }

        It 'keeps a key in a vault, and forgets it there' {
            Add-Vault @{}
            $env:OPENAI_API_KEY = $null
            $kept = Set-AIImageCredential OpenAI -Vault Mine -Credential (ConvertTo-Secret $secret)

            $kept.Source | Should -Be 'Vault'
            $kept.Used | Should -BeTrue
            Test-Path state/keys | Should -BeFalse
            Remove-AIImageCredential OpenAI -Vault Mine -Confirm:$false
            Get-AIImageCredential OpenAI | Where-Object Used | Should -BeNullOrEmpty
            (Get-Failure { Set-AIImageCredential OpenAI -Vault Nowhere -Credential (ConvertTo-Secret $secret) }).FullyQualifiedErrorId | Should -BeLike 'ArtifactWriteFailed,*'
        }

        It 'needs the module for a vault' {
            (Get-Failure { Set-AIImageCredential OpenAI -Vault Mine -Credential (ConvertTo-Secret $secret) }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        }
    }

    Context 'Testing' {
        It 'says that a key is taken, and that another is not, and pays nothing' {
            (Test-AIImageCredential OpenAI).Valid | Should -BeTrue
            $env:OPENAI_API_KEY = $secret
            $tested = Test-AIImageCredential OpenAI

            $tested.Valid | Should -BeFalse
            $tested.Note | Should -BeLike '*does not take this key*'
            $tested | Format-List * -Force | Out-String -Width 500 | Should -Not -BeLike "*$secret*"
            Get-Order | Should -BeNullOrEmpty
        }

        It 'says that there is none, or that none is needed' {
            $env:OPENAI_API_KEY = $null

            (Test-AIImageCredential OpenAI).Note | Should -BeLike '*no key*'
            (Test-AIImageCredential Demo).Note | Should -BeLike '*needs no key*'
            (Test-AIImageCredential).Provider | Should -Be 'BFL'
        }

        It 'does not judge a key by a server that is ill' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Query'; kind = 'Status'; status = 500 }
            $tested = Test-AIImageCredential OpenAI

            $tested.Valid | Should -BeNullOrEmpty
            $tested.Note | Should -BeLike '*did not say*500*'
        }
    }
}
