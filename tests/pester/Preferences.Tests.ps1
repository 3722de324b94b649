# What users store, what a project says, and what a command makes of it.

Describe 'Preferences' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor

        function Save-Project([string] $Image, [string] $Folder = '.') {
            Set-Content -Path (Join-Path $Folder agent.config.json) -Value "{ `"providerPreferences`": { `"image`": $Image } }"
        }

        # Who would be asked, in order, by the question that cannot be asked here.
        function Get-Question([scriptblock] $Script) {
            $failure = Get-Failure $Script
            $failure.FullyQualifiedErrorId | Should -BeLike 'ConsentRequired,*'
            "$failure"
        }
    }

    AfterAll { Disconnect-Vendor }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $env:PSIMAGEGEN_STATE = Join-Path $PWD.ProviderPath state
    }

    AfterEach { Pop-Location }

    Context 'Set-AIImagePreference and Get-AIImagePreference' {
        It 'shows that nobody said anything' {
            $preference = Get-AIImagePreference

            $preference | Should -BeOfType PSImageGen.Preference
            $preference.Preferred | Should -BeNullOrEmpty
            $preference.Source.Preferred | Should -Be 'default'
        }

        It 'stores, shows and takes away' {
            Set-AIImagePreference -Preferred bfl, OpenAI -Weight @{ BFL = 2.5; OpenAI = 0 } -Blocked Fal -Default @{ Quality = 'high'; Format = 'Jpeg'; TimeoutSec = 90 } -Budget @{ PerDay = 5; MaxCost = 0.5 } | Should -BeNullOrEmpty

            $preference = Get-AIImagePreference
            $preference.Preferred | Should -Be 'BFL', 'OpenAI'
            $preference.Weights.BFL | Should -Be 2.5
            $preference.Blocked | Should -Be 'Fal'
            $preference.Defaults.Quality | Should -Be 'high'
            $preference.Defaults.Format | Should -Be 'Jpeg'
            $preference.Budgets.PerDay | Should -Be 5
            $preference.Source.'Budgets.PerDay' | Should -BeLike 'user:*preferences.json'

            Set-AIImagePreference -Preferred $null -Weight @{ OpenAI = $null } -Clear Blocked, Budgets
            $preference = Get-AIImagePreference
            $preference.Preferred | Should -BeNullOrEmpty
            $preference.Weights.Keys | Should -Be 'BFL'
            $preference.Blocked | Should -BeNullOrEmpty
            $preference.Budgets.Keys | Should -BeNullOrEmpty
            $preference.Defaults.TimeoutSec | Should -Be 90
        }

        It 'rehearses' {
            Set-AIImagePreference -Preferred BFL -WhatIf

            Test-Path $env:PSIMAGEGEN_STATE | Should -BeFalse
        }

        It 'refuses <What>' -ForEach @(
            @{ What = 'nothing at all'; Call = { Set-AIImagePreference }; Says = '*not said*' }
            @{ What = 'a provider nobody knows'; Call = { Set-AIImagePreference -Preferred Nobody }; Says = '*preferred*Nobody*' }
            @{ What = 'a negative weight'; Call = { Set-AIImagePreference -Weight @{ BFL = -1 } }; Says = '*weights.BFL*' }
            @{ What = 'a weight without end'; Call = { Set-AIImagePreference -Weight @{ BFL = [double]::PositiveInfinity } }; Says = '*-Weight*' }
            @{ What = 'a default nobody knows'; Call = { Set-AIImagePreference -Default @{ Colour = 'red' } }; Says = '*defaults.Colour*' }
            @{ What = 'a budget below nothing'; Call = { Set-AIImagePreference -Budget @{ PerDay = -5 } }; Says = '*budgets.perDay*' }
        ) {
            Set-AIImagePreference -Blocked Fal
            $before = Get-Content state/preferences.json -Raw
            $failure = Get-Failure $Call

            $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            "$failure" | Should -BeLike $Says
            Get-Content state/preferences.json -Raw | Should -Be $before
        }

        It 'puts user and project together, wherever below the project one is' {
            Save-Project '{ "preferred": ["Replicate"], /* paid by the team */ "blocked": ["Fal"], "defaults": { "quality": "low", "format": "webp" } }'
            Set-AIImagePreference -Preferred BFL -Default @{ Quality = 'high' }
            $null = New-Item -ItemType Directory below
            Push-Location below
            try {
                $preference = Get-AIImagePreference
                $preference.Preferred | Should -Be 'BFL'
                $preference.Blocked | Should -Be 'Fal'
                $preference.Defaults.Quality | Should -Be 'high'
                $preference.Defaults.Format | Should -Be 'Webp'
                $preference.Source.Blocked | Should -BeLike 'project:*agent.config.json'
                $preference.Source.Preferred | Should -BeLike 'user:*'
                ($preference | Out-String) | Should -BeLike '*Blocked*Fal*project*'
            }
            finally {
                Pop-Location
            }
        }

        It 'names file and key of what is wrong, before anything is sent' {
            Save-Project '{ "blocked": ["BFL"], "weights": { "OpenAI": "much" } }'

            foreach ($call in { Get-AIImagePreference }, { 1..3 | ForEach-Object { "picture $_" } | New-AIImage }) {
                $failure = @(Get-Failure $call)
                $failure | Should -HaveCount 1
                $failure[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
                "$failure" | Should -BeLike '*weights.OpenAI*agent.config.json*'
            }
            Get-VendorRequest | Should -BeNullOrEmpty
        }
    }

    Context 'Commands' {
        It 'asks the preferred first, and the others after them' {
            Set-AIImagePreference -Preferred BFL

            Get-Question { New-AIImage 'a fox' -Confirm } | Should -Match '1\. BFL .*2\. OpenAI'
            Get-Question { New-AIImage 'a fox' -PreferredProvider OpenAI -Confirm } | Should -Match '1\. OpenAI .*\d\. BFL'
            Get-Question { New-AIImage 'a fox' -OnlyPreferred -Confirm } | Should -Not -Match 'in turn'
        }

        It 'keeps to the provider that is named, whoever is preferred' {
            Set-AIImagePreference -Preferred OpenAI

            Get-Question { New-AIImage 'a fox' -Provider BFL -Confirm } | Should -Not -Match 'in turn'
            Get-Question { New-AIImage 'a fox' -Model flux-2-pro -Confirm } | Should -Match '\. BFL .*\(flux-2-pro\)'
        }

        It 'never asks the blocked, and says so where one is named' {
            Save-Project '{ "blocked": ["OpenAI"] }'

            Get-Question { New-AIImage 'a fox' -Confirm } | Should -Not -Match 'OpenAI'
            $failure = Get-Failure { New-AIImage 'a fox' -Provider OpenAI }
            $failure.FullyQualifiedErrorId | Should -BeLike 'Unsupported,*'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Get-AIImagePreference*'
            (Get-Failure { New-AIImage 'a fox' -BlockedProvider BFL }).FullyQualifiedErrorId | Should -BeLike 'NoProvider,*'
            Get-Order | Should -BeNullOrEmpty
        }

        It 'draws the first one by weight, by the command over what is stored' {
            Set-AIImagePreference -Weight @{ BFL = 0; OpenAI = 1 }

            Get-Question { New-AIImage 'a fox' -ProviderWeight @{ BFL = 1; OpenAI = 0 } -Confirm } | Should -Match '1\. BFL .*BFL: drawn by weight'
            Get-Question { @{ Prompt = 'a fox'; ProviderWeight = '{"BFL":1,"OpenAI":0}' } | New-AIImage -Confirm } | Should -Match '1\. BFL '
            (Get-Failure { New-AIImage 'a fox' -ProviderWeight @{ OpenAI = 0 } }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            (Get-Failure { New-AIImage 'a fox' -ProviderWeight @{ BFL = -1 } }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        }

        It 'takes what is not given from the defaults' {
            Set-AIImagePreference -Default @{ Provider = 'OpenAI'; Model = 'gpt-image-1.5'; Format = 'jpeg'; Quality = 'low'; OutputDirectory = 'art' }

            $result = New-AIImage 'a fox'
            $result.Provider, $result.Model, $result.Quote.Quality | Should -Be 'OpenAI', 'gpt-image-1.5', 'low'
            Split-Path $result.Path | Should -Be (Join-Path $PWD.ProviderPath art)
            (Get-PictureFact $result.Path).Format | Should -Be 'jpeg'
            (Get-AIImageTask).RunId | Should -Be $result.RunId

            $result = New-AIImage 'a fox' -Provider BFL -Format png -OutputDirectory here
            $result.Provider, $result.Quote.Quality | Should -Be 'BFL', $null
            (Get-PictureFact $result.Path).Format | Should -Be 'png'
            Test-Path here/*.png | Should -BeTrue
        }
    }

    Context 'Going on to the next provider' {
        It 'names the whole chain and its highest price in the question' {
            $question = Get-Question { New-AIImage 'a fox' -PreferredProvider OpenAI, BFL -OnlyPreferred -Size 1024x1024 -Confirm }
            $question | Should -Match '1\. OpenAI .*, about 0\.053 to 0\.211 USD\. 2\. BFL .*\(flux-2-pro\), 1024x1024 pixels, about 0\.045 USD\. .*Only one of them is paid: at most about 0\.211 USD\.'

            Get-Question { New-AIImage 'a fox' -PreferredProvider OpenAI, BFL -OnlyPreferred -Size 1024x1024 -FallbackOnUnknown -Confirm } |
                Should -Match 'several may have to be paid: at most about 0\.256 USD in all\.'
        }

        It 'asks once, says what changes, and tells who made it and why the other did not' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'Status'; status = 401; times = -1 }

            $all = Get-Stream { New-AIImage 'a fox' -PreferredProvider OpenAI, BFL -OnlyPreferred }

            $all.Errors | Should -BeNullOrEmpty
            "$($all.Warnings)" | Should -BeLike 'OpenAI did not take the order*BFL is asked now, as agreed: model flux-2-pro in place of gpt-image-2*'
            $result = $all.Objects[0]
            $result.Provider | Should -Be 'BFL'
            $result.Attempts.Provider | Should -Be 'OpenAI', 'BFL'
            $result.Attempts[0].Error.Id | Should -Be 'AuthenticationFailed'
            $result.Attempts[1].Error | Should -BeNullOrEmpty
            (Get-AIImageTask -RunId $result.RunId).Attempts.Provider | Should -Be 'OpenAI', 'BFL'
            Get-Content (Join-Path (Split-Path $result.RecordPath) result.md) -Raw | Should -BeLike '*OpenAI gpt-image-2*key*'
        }

        It 'goes on from an unknown outcome only where that was asked for' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'DropBeforeAnswer'; times = -1 }

            $failure = Get-Failure { New-AIImage 'a fox' -PreferredProvider OpenAI, BFL -OnlyPreferred }
            $failure.FullyQualifiedErrorId | Should -BeLike 'OutcomeUnknown,*'
            $result = New-AIImage 'a fox' -PreferredProvider OpenAI, BFL -OnlyPreferred -FallbackOnUnknown -WarningAction Ignore
            $result.Provider | Should -Be 'BFL'
            $result.Status | Should -Be 'Succeeded'
            $result.Attempts[0].Error.MayHaveBeenCharged | Should -BeTrue
        }
    }
}
