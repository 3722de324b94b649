# The catalogue as users meet it: listing, the user's own rows, names newer than it, and models chosen by a use case.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor
    Enter-Folder

    function Get-Completion([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
    }

    function Write-Catalogue([string] $Json) {
        $null = New-Item -ItemType Directory -Force $env:PSIMAGEGEN_STATE
        Set-Content (Join-Path $env:PSIMAGEGEN_STATE catalogue.json) $Json
    }
}

AfterAll {
    Pop-Location
    Disconnect-Vendor
}

Describe 'Get-AIImageModel' {
    It 'lists what is known, by provider, name and operation, and asks nobody' {
        Clear-Vendor
        $all = Get-AIImageModel
        $all.Provider | Sort-Object -Unique | Should -Contain 'OpenAI'
        $all.Model | Should -Not -Contain 'dall-e-3'
        (Get-AIImageModel -Provider B* -Model *klein-4b).Model | Should -Be 'flux-2-klein-4b'
        (Get-AIImageModel gpt-image-2-2026-04-21 -Provider OpenAI).Model | Should -Be 'gpt-image-2'
        (Get-AIImageModel -Provider Stability -Operation Upscale).Model | Should -Be 'upscale-fast', 'upscale-conservative', 'upscale-creative'
        (Get-AIImageProvider BFL | Get-AIImageModel -Operation Inpaint).Model | Should -Be 'flux-pro-1.0-fill'
        Get-VendorRequest | Should -BeNullOrEmpty
    }

    It 'tells what a model can do and costs' {
        $model = Get-AIImageModel gpt-image-1 -Provider OpenAI

        $model.Operations | Should -Contain 'Vary'
        $model.Emulated.Vary | Should -BeLike '*edit*'
        $model.Price | Should -Be 0.042
        $model.PriceMax | Should -Be 0.167
        $model.PriceDate | Should -Match '^\d{4}-\d\d-\d\d$'
        $model.Configured | Should -BeTrue
        (Get-AIImageModel -Provider WellAPI | Where-Object IsDefaultFor -Contains Generate).Price | Should -BeNullOrEmpty
        $shown = Get-AIImageModel -Provider Demo, WellAPI | Format-Table | Out-String -Width 200
        $shown | Should -Match 'demo-painter .*free'
        $shown | Should -Match 'gpt-image-2 .*unknown'
    }

    It 'names the way out for a name nobody has, and for one that is gone' {
        $failure = Get-Failure { Get-AIImageModel brand-new }
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-Provider*'
        "$(Get-Failure { Get-AIImageModel dall-e-3 })" | Should -BeLike '*2026-05-12*'
        (Get-Failure { Get-AIImageModel -Provider Nobody }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        Get-AIImageModel brand-new* | Should -BeNullOrEmpty
    }

    It 'recommends among those with a key, with the reason' {
        $found = Get-AIImageModel -UseCase Speed

        $found[0].Provider | Should -Be 'BFL'
        $found[0].Reason | Should -BeLike 'recommended for speed: BFL is the provider for that*'
        $found.Provider | Should -Not -Contain 'Demo'
        $found.Provider | Should -Not -Contain 'Fal'
        (Get-AIImageModel -UseCase Portrait -Provider Fal).Model | Should -Be 'fal-ai/nano-banana-2'
        (Get-Failure { Get-AIImageModel -UseCase Privacy }).FullyQualifiedErrorId | Should -BeLike 'NoProvider,*'
    }
}

Describe '-UseCase' {
    It 'chooses model and provider, and says why' {
        $said = Measure-AIImageCost 'a fox' -UseCase Speed -Verbose 4>&1
        $quote = $said | Where-Object { $_ -is [PSImageGen.Quote] }

        $quote.Model | Should -Be 'flux-2-klein-9b'
        $quote.Notes[0] | Should -BeLike 'recommended for speed: *'
        ($said | Where-Object { $_ -is [Management.Automation.VerboseRecord] }).Message | Should -Contain $quote.Notes[0]
    }

    It 'is in the question, and the picture is made as it says' {
        Clear-Vendor
        (New-AIImage 'a fox' -UseCase Speed).Model | Should -Be 'flux-2-klein-9b'
        (Get-Order).path | Should -BeLike '*flux-2-klein-9b'
        New-AIImage 'a fox' -UseCase Portrait -Model flux-pro-1.1 -WhatIf
        @(Get-Order).Count | Should -Be 1
    }

    It 'may be a column, and a word that is none is an error for its row' {
        $quotes = @{ Prompt = 'a'; UseCase = 'cost'; Provider = 'OpenAI' }, @{ Prompt = 'b'; UseCase = ''; Provider = 'OpenAI' } | Measure-AIImageCost
        $quotes.Model | Should -Be 'gpt-image-1-mini', 'gpt-image-2'
        (Get-Failure { @{ Prompt = 'a'; UseCase = 'Beauty' } | Measure-AIImageCost }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
    }

    It 'is completed' {
        Get-Completion 'New-AIImage x -UseCase Por' | Should -Be 'Portrait'
        Get-Completion 'Edit-AIImage x y -UseCase Con' | Should -Be 'Control'
    }
}

Describe 'A model newer than the catalogue' {
    It 'passes with its provider, at an unknown price that a note tells of' {
        $quote = Measure-AIImageCost 'a fox' -Provider OpenAI -Model brand-new

        $quote.Amount | Should -BeNullOrEmpty
        $quote.Notes | Should -BeLike '*not in the catalogue: its price and limits are not known*'
        (Get-Failure { Measure-AIImageCost 'a fox' -Model brand-new }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
    }

    It 'counts as over a ceiling' {
        Clear-Vendor
        (Get-Failure { New-AIImage 'a fox' -Provider OpenAI -Model brand-new -MaxCost 5 }).FullyQualifiedErrorId | Should -BeLike 'BudgetExceeded,*'
        Get-Order | Should -BeNullOrEmpty
    }
}

Describe 'The catalogue of the user' {
    AfterEach {
        Remove-Item (Join-Path $env:PSIMAGEGEN_STATE catalogue.json) -ErrorAction Ignore
    }

    It 'corrects and adds rows, for quotes, lists and completion' {
        Write-Catalogue '{ "BFL": { "source": "our contract", "date": "2026-11-01", "models": [
            { "id": "flux-2-pro", "price": { "perImage": 0.5 } },
            { "id": "flux-9", "like": "flux-2-pro", "bestFor": "tests" } ] } }'

        $quote = Measure-AIImageCost 'a fox' -Model flux-2-pro
        $quote.Amount | Should -Be 0.5
        $quote.PriceSource | Should -Be 'our contract'
        (Measure-AIImageCost 'a fox' -Model flux-9).Provider | Should -Be 'BFL'
        (Get-AIImageModel flux-9).BestFor | Should -Be 'tests'
        Get-Completion 'New-AIImage x -Provider BFL -Model flux-9' | Should -Be 'flux-9'
    }

    It 'stops everything at a mistake, and names file and place' {
        Clear-Vendor
        Write-Catalogue '{ "BFL": { "models": [ { "id": "flux-2-pro", "prise": 1 } ] } }'

        foreach ($call in { New-AIImage 'a fox' -Provider OpenAI }, { Measure-AIImageCost 'a fox' }, { Get-AIImageModel }, { Get-AIImageProvider BFL }) {
            $failure = Get-Failure $call
            $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            "$failure" | Should -BeLike "*$(Join-Path $env:PSIMAGEGEN_STATE catalogue.json)*BFL, flux-2-pro, prise*"
        }

        Get-VendorRequest | Should -BeNullOrEmpty
        Get-Completion 'New-AIImage x -Provider BFL -Model flux-2-max' | Should -Be 'flux-2-max'
    }
}

Describe 'Completion of models' {
    It 'offers for <Line> what can do that' -ForEach @(
        @{ Line = 'Resize-AIImage x -Provider Stability -Model '; Some = 'upscale-fast'; None = 'stable-image-core' }
        @{ Line = 'Edit-AIImage x y -Provider Stability -Model '; Some = 'inpaint'; None = 'upscale-fast' }
        @{ Line = 'Edit-AIImage x y -Mask m -Provider Stability -Model '; Some = 'inpaint'; None = 'outpaint' }
        @{ Line = 'Edit-AIImage x y -Mode Outpaint -Provider Stability -Model '; Some = 'outpaint'; None = 'inpaint' }
        @{ Line = 'Convert-AIImageStyle x -Provider Stability -Model '; Some = 'style-transfer'; None = 'inpaint' }
        @{ Line = 'New-AIImage x -Provider Stability -Model '; Some = 'stable-image-core'; None = 'style-transfer' }
        @{ Line = 'Get-AIImageModel -Operation Style -Provider Stability -Model '; Some = 'style-transfer'; None = 'inpaint' }
        @{ Line = 'Get-AIImageModel -Provider Stability -Model '; Some = 'inpaint'; None = 'gpt-image-2' }
    ) {
        $offered = Get-Completion $Line

        $offered | Should -Contain $Some
        $offered | Should -Not -Contain $None
    }
}
