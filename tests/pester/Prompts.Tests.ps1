# Prompts: composed of their parts, looked at before anything is paid, and on their way into New-AIImage.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor
    Enter-Folder
}

AfterAll {
    Pop-Location
    Disconnect-Vendor
}

Describe 'New-AIImagePrompt' {
    It 'puts the subject first and keeps apart what must not be seen' {
        $prompt = New-AIImagePrompt 'a red fox.' -Atmosphere quiet -Lighting 'low winter sun' -Composition 'close-up,' -Style watercolour -NegativePrompt 'people'

        $prompt | Should -BeOfType PSImageGen.Prompt
        "$prompt" | Should -Be 'a red fox, watercolour, close-up, low winter sun, quiet'
        $prompt.NegativePrompt | Should -Be 'people'
        $prompt.Parts.Lighting | Should -Be 'low winter sun'
    }

    It 'takes rows, blank cells and all, and lets the command line go first' {
        $rows = 'Subject,Style,Lighting', 'a hare,ink drawing,', 'an owl,,moonlight' | ConvertFrom-Csv

        ($rows | New-AIImagePrompt -Atmosphere eerie).Text | Should -Be 'a hare, ink drawing, eerie', 'an owl, moonlight, eerie'
        ($rows | New-AIImagePrompt -Style photograph).Text | Should -Be 'a hare, photograph', 'an owl, photograph, moonlight'
        ('a hare', 'an owl' | New-AIImagePrompt -Style photograph).Text | Should -Be 'a hare, photograph', 'an owl, photograph'
    }

    It 'says what has no subject, and goes on' {
        $given = Get-Stream { @{ Style = 'ink' }, @{ Subject = 'a hare' } | New-AIImagePrompt }

        $given.Objects.Text | Should -Be 'a hare'
        $given.Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        (Get-Failure { New-AIImagePrompt }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        (Get-Failure { Get-Item . | New-AIImagePrompt }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
    }

    It 'flows into New-AIImage with what must not be seen, and its parts are not sent twice' {
        Clear-Vendor
        $result = New-AIImagePrompt 'a fox' -Style watercolour -NegativePrompt people | New-AIImage -Provider Demo -Size 64x64
        $request = (Get-Content $result.RecordPath | ConvertFrom-Json).request

        $request.prompt | Should -Be 'a fox, watercolour'
        $request.negative_prompt | Should -Be 'people'
        $request.PSObject.Properties.Name | Should -Not -Contain style
    }

    It 'takes the other columns of its row along' {
        $result = 'Subject,Style,Size,Name', 'a hare,ink,96x64,hare' | ConvertFrom-Csv | New-AIImagePrompt | New-AIImage -Provider Demo

        $result.Path | Should -Be (Join-Path $PWD.ProviderPath hare.png)
        $result.Images[0].Width | Should -Be 96
        $result.Prompt | Should -Be 'a hare, ink'
    }

    It 'is still a prompt when it comes from a job' {
        $prompt = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((New-AIImagePrompt 'a fox' -Style ink)))

        ($prompt | New-AIImage -Provider Demo -Size 64x64).Prompt | Should -Be 'a fox, ink'
        ($prompt | Measure-AIImageCost -Provider Demo).Count | Should -Be 1
    }
}

Describe 'Test-AIImagePrompt' {
    It 'says what is left open' {
        $report = Test-AIImagePrompt 'a fox' -Provider OpenAI

        $report | Should -BeOfType PSImageGen.PromptReport
        $report.IsVague | Should -BeTrue
        $report.Present | Should -Be 'Subject'
        $report.Missing | Should -Be 'Style', 'Composition', 'Lighting', 'Atmosphere'
        $report.Model | Should -Be 'gpt-image-2'
        $report.Length, $report.MaxLength, $report.Fits | Should -Be 5, 32000, $true
        ($report.Advice -join ' ') | Should -BeLike '*photograph*'
    }

    It 'finds nothing wanting in a good one' {
        $report = New-AIImagePrompt 'a red fox' -Style watercolour -Composition close-up -Lighting 'low sun' -Atmosphere quiet | Test-AIImagePrompt -Provider OpenAI

        $report.Missing | Should -BeNullOrEmpty
        $report.Advice | Should -BeNullOrEmpty
    }

    It 'measures it against the model, and takes no money for that' {
        Clear-Vendor
        $report = Test-AIImagePrompt ('fox ' * 9000) -Provider OpenAI

        $report.Fits | Should -BeFalse
        $report.Advice[0] | Should -BeLike '*32000*'
        Get-Order | Should -BeNullOrEmpty
    }

    It 'takes rows, and several texts' {
        (@{ Prompt = 'a fox'; Provider = 'Demo'; Size = '64x64' } | Test-AIImagePrompt).Provider | Should -Be 'Demo'
        (Test-AIImagePrompt 'a fox', 'a hare' -Provider Demo).Prompt | Should -Be 'a fox', 'a hare'
        (Get-Failure { Test-AIImagePrompt ' ' }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        (Get-Failure { Test-AIImagePrompt 'a fox' -Model no-such-model }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
    }

    It 'works where no provider has a key' {
        $kept = $env:OPENAI_API_KEY, $env:BFL_API_KEY
        try {
            $env:OPENAI_API_KEY = $env:BFL_API_KEY = $null
            $report = Test-AIImagePrompt 'a fox'
            $report.Model | Should -BeNullOrEmpty
            $report.MaxLength | Should -BeNullOrEmpty
            $report.Missing | Should -HaveCount 4
        }
        finally {
            $env:OPENAI_API_KEY, $env:BFL_API_KEY = $kept
        }
    }
}
