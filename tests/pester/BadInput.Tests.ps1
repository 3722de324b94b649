# What is wrong is said before anything is sent, with the remedy.

Describe 'What is wrong' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor
        $kept = @{}
        foreach ($name in 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'BFL_API_KEY', 'BFL_BASE_URL') {
            $kept[$name] = [Environment]::GetEnvironmentVariable($name)
        }
    }

    AfterAll { Disconnect-Vendor }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        Set-Content file.txt 'a text'
        foreach ($name in $kept.Keys) {
            Set-Item "Env:$name" $kept[$name]
        }
    }

    AfterEach {
        Pop-Location
        foreach ($name in $kept.Keys) {
            Set-Item "Env:$name" $kept[$name]
        }
    }

    Context 'Bad input' {
        It '<Name> is <Id>, and nothing is sent' -ForEach @(
            @{ Name = 'an empty prompt'; Id = 'InvalidRequest'; Says = 'prompt'; Call = { New-AIImage '' -Provider OpenAI } }
            @{ Name = 'a blank prompt'; Id = 'InvalidRequest'; Says = 'prompt'; Call = { New-AIImage '   ' -Provider BFL } }
            @{ Name = 'an over-long prompt'; Id = 'InvalidRequest'; Says = '32000'; Call = { New-AIImage ('x' * 32001) -Provider OpenAI } }
            @{ Name = 'an exact size that is not said'; Id = 'InvalidRequest'; Says = '-Size'; Call = { New-AIImage 'a fox' -Provider BFL -ExactSize } }
            @{ Name = 'a size that is no size'; Id = 'InvalidRequest'; Says = '1536x1024'; Call = { New-AIImage 'a fox' -Provider BFL -Size large } }
            @{ Name = 'a size and a ratio'; Id = 'InvalidRequest'; Says = '-Size'; Call = { New-AIImage 'a fox' -Provider BFL -Size 1024x1024 -AspectRatio 1:1 } }
            @{ Name = 'a ratio that is no ratio'; Id = 'InvalidRequest'; Says = '16:9'; Call = { New-AIImage 'a fox' -Provider BFL -AspectRatio wide } }
            @{ Name = 'a resolution that is none'; Id = 'InvalidRequest'; Says = '2K'; Call = { New-AIImage 'a fox' -Provider BFL -Resolution 3K } }
            @{ Name = 'count 0'; Id = 'InvalidRequest'; Says = '100'; Call = { New-AIImage 'a fox' -Provider OpenAI -Count 0 } }
            @{ Name = 'count 1000'; Id = 'InvalidRequest'; Says = '100'; Call = { New-AIImage 'a fox' -Provider OpenAI -Count 1000 } }
            @{ Name = 'a negative seed'; Id = 'InvalidRequest'; Says = 'Seed'; Call = { New-AIImage 'a fox' -Provider BFL -Seed -1 } }
            @{ Name = 'an unknown quality'; Id = 'InvalidRequest'; Says = 'low'; Call = { New-AIImage 'a fox' -Provider OpenAI -Quality best } }
            @{ Name = 'a see-through JPEG'; Id = 'InvalidRequest'; Says = 'png'; Call = { New-AIImage 'a fox' -Provider OpenAI -Format jpeg -Background Transparent } }
            @{ Name = 'an unknown provider'; Id = 'InvalidRequest'; Says = 'OpenAI'; Call = { New-AIImage 'a fox' -Provider Nobody } }
            @{ Name = 'what cannot name a model'; Id = 'InvalidRequest'; Says = 'Get-AIImageModel'; Call = { New-AIImage 'a fox' -Provider OpenAI -Model ../gpt } }
            @{ Name = 'a model of nobody'; Id = 'InvalidRequest'; Says = 'Get-AIImageModel'; Call = { New-AIImage 'a fox' -Model nothing-1 } }
            @{ Name = 'a model that is gone'; Id = 'InvalidRequest'; Says = 'gpt-image-2'; Call = { New-AIImage 'a fox' -Model dall-e-3 } }
            @{ Name = 'an unknown option'; Id = 'InvalidRequest'; Says = 'moderation'; Call = { New-AIImage 'a fox' -Provider OpenAI -ProviderOption @{ sparkle = 1 } } }
            @{ Name = 'an option out of range'; Id = 'InvalidRequest'; Says = '5'; Call = { New-AIImage 'a fox' -Provider BFL -ProviderOption @{ safety_tolerance = 9 } } }
            @{ Name = 'a missing key of OpenAI'; Id = 'CredentialMissing'; Says = 'OPENAI_API_KEY'; Call = { $env:OPENAI_API_KEY = $null; New-AIImage 'a fox' -Provider OpenAI } }
            @{ Name = 'a missing key of BFL'; Id = 'CredentialMissing'; Says = 'https://'; Call = { $env:BFL_API_KEY = $null; New-AIImage 'a fox' -Provider BFL } }
            @{ Name = 'no provider at all'; Id = 'NoProvider'; Says = '-Provider Demo'; Call = { $env:BFL_API_KEY = $env:OPENAI_API_KEY = $null; New-AIImage 'a fox' } }
            @{ Name = 'a file in place of the folder'; Id = 'ArtifactWriteFailed'; Says = '-OutputDirectory'; Call = { New-AIImage 'a fox' -Provider OpenAI -OutputDirectory file.txt } }
            @{ Name = 'a folder below a file'; Id = 'ArtifactWriteFailed'; Says = '-OutputDirectory'; Call = { New-AIImage 'a fox' -Provider OpenAI -OutputDirectory file.txt/pictures } }
            @{ Name = 'a folder that is no path of a disk'; Id = 'InvalidRequest'; Says = 'folder'; Call = { New-AIImage 'a fox' -Provider OpenAI -OutputDirectory Env:/pictures } }
            @{ Name = 'a folder in place of the file'; Id = 'InvalidRequest'; Says = '-OutFile'; Call = { New-AIImage 'a fox' -Provider OpenAI -OutFile . } }
            @{ Name = 'two places at once'; Id = 'InvalidRequest'; Says = '-OutFile'; Call = { New-AIImage 'a fox' -Provider OpenAI -OutFile a.png -Name b } }
            @{ Name = 'a name with a folder in it'; Id = 'InvalidRequest'; Says = '-Name'; Call = { New-AIImage 'a fox' -Provider OpenAI -Name ../a } }
            @{ Name = 'a run id with a folder in it'; Id = 'InvalidRequest'; Says = '-RunId'; Call = { New-AIImage 'a fox' -Provider OpenAI -RunId ../a } }
            @{ Name = 'a base URL that is none'; Id = 'InvalidRequest'; Says = 'OPENAI_BASE_URL'; Call = { $env:OPENAI_BASE_URL = 'not a url'; New-AIImage 'a fox' -Provider OpenAI } }
            @{ Name = 'a base URL of another kind'; Id = 'InvalidRequest'; Says = 'http'; Call = { $env:BFL_BASE_URL = 'ftp://127.0.0.1/bfl'; New-AIImage 'a fox' -Provider BFL } }
            @{ Name = 'a wait of nothing'; Id = 'InvalidRequest'; Says = '-TimeoutSec'; Call = { New-AIImage 'a fox' -Provider OpenAI -TimeoutSec 0 } }
            @{ Name = 'a reference that is missing'; Id = 'InvalidImage'; Says = 'exists'; Call = { New-AIImage 'a fox' -Provider OpenAI -ReferenceImage nowhere.png } }
            @{ Name = 'a reference that is no picture'; Id = 'InvalidImage'; Says = 'PNG'; Call = { New-AIImage 'a fox' -Provider OpenAI -ReferenceImage file.txt } }
            @{ Name = 'a call without waiting where there is nothing to come back to'; Id = 'Unsupported'; Says = '-NoWait'; Call = { New-AIImage 'a fox' -Provider OpenAI -NoWait } }
            @{ Name = 'a blocked provider'; Id = 'Unsupported'; Says = '-BlockedProvider'; Call = { New-AIImage 'a fox' -Provider OpenAI -BlockedProvider OpenAI } }
            @{ Name = 'a price above the ceiling'; Id = 'BudgetExceeded'; Says = '-MaxCost'; Call = { New-AIImage 'a fox' -Provider OpenAI -MaxCost 0.0001 } }
        ) {
            $failure = @(Get-Failure $Call)

            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId.Split(',')[0] | Should -BeExactly $Id
            $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            "$($failure[0]) $($failure[0].ErrorDetails.RecommendedAction)" | Should -BeLike "*$Says*"
            $failure[0].TargetObject | Should -Not -Be $null
            $failure[0].CategoryInfo.Category | Should -Not -Be 'NotSpecified'
            $failure[0].Exception.Error.MayHaveBeenCharged | Should -BeFalse
            Get-VendorRequest | Should -BeNullOrEmpty
            Get-ChildItem -File -Exclude file.txt | Should -BeNullOrEmpty
        }

        It 'a folder that cannot be written is ArtifactWriteFailed, and nothing is sent' -Skip:(-not (Test-Path /proc/self)) {
            $failure = @(Get-Failure { New-AIImage 'a fox' -Provider OpenAI -OutputDirectory /proc/pictures })

            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'ArtifactWriteFailed,*'
            $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*-OutputDirectory*'
            Get-VendorRequest | Should -BeNullOrEmpty
        }

        It 'a run id in use is InvalidRequest, naming Resume' {
            $null = New-AIImage 'a fox' -Provider Demo -Size 64x64 -RunId taken

            $failure = @(Get-Failure { New-AIImage 'a hare' -Provider OpenAI -RunId taken })

            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*Resume-AIImageTask -RunId taken*'
            Get-VendorRequest | Should -BeNullOrEmpty
        }

        It 'a word where a number belongs is the binder''s own error' {
            (Get-Failure { New-AIImage 'a fox' -Provider OpenAI -Count two }).FullyQualifiedErrorId | Should -BeLike 'CannotConvertArgumentNoMessage,*'
            (Get-Failure { New-AIImage 'a fox' -Provider OpenAI -Format bmp }).FullyQualifiedErrorId | Should -BeLike 'CannotConvertArgumentNoMessage,*'
            Get-VendorRequest | Should -BeNullOrEmpty
        }
    }
}
