# What a vendor's OpenAPI document tells, and orders that are checked by it.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor -All
    Enter-Folder
    $sample = (Resolve-Path (Join-Path $PSScriptRoot .. .. docs samples openapi.yaml)).Path
    $order = 'POST /generation/google/nano-banana-pro'
}

AfterAll {
    $env:SKILLS_VIDEO_OPENAPI = $null
    Pop-Location
    Disconnect-Vendor
}

Describe 'Get-AIImageEndpoint' {
    It 'lists the endpoints for pictures with their partners' {
        $found = Get-AIImageEndpoint $sample

        $found.Model | Should -Be 'google/nano-banana-pro'
        $found.Endpoint | Should -Be 'POST /v1/generation/sse/google/nano-banana-pro'
        $found.Polling | Should -Be 'POST /v1/generation/google/nano-banana-pro'
        $found.Poll | Should -Be 'GET /v1/generation/{id}'
    }

    It 'shows one with its fields and a template that can be filled in' {
        $shown = Get-AIImageEndpoint -OpenApi $sample -Endpoint $order

        $shown.Fields.Name | Should -Be 'prompt', 'resolution', 'aspect_ratio', 'image_urls'
        $shown.Fields[1].AllowedValues | Should -Be '1K', '2K', '4K'
        $shown.Fields[3].Rule | Should -Be 'a list of 0 to 14, each text'
        $shown.Statuses | Should -Contain 'CANCELED'
        $shown.ErrorCodes | Should -Be '402', '422', '429'
        ($shown.Template | ConvertFrom-Json).resolution | Should -Be '2K'
        (Get-AIImageEndpoint $sample | Get-AIImageEndpoint $sample).Schema | Should -Be 'NanoBananaPro'
    }

    It 'reads a path of the session and a link' {
        Copy-Item $sample here.yaml
        (Get-AIImageEndpoint here.yaml).Source | Should -Be (Join-Path $PWD here.yaml)

        (Get-Failure { Get-AIImageEndpoint "$env:FAKE_ORIGIN/nowhere.json" }).FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
    }

    It 'says what it cannot read, and goes on after an endpoint that is not there' {
        'hello' | Set-Content no.json
        (Get-Failure { Get-AIImageEndpoint no.json }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        (Get-Failure { Get-AIImageEndpoint gone.json }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'

        $shown = 'POST /generation/google/nano-banana-prro', $order | Get-AIImageEndpoint $sample -ErrorVariable failed -ErrorAction SilentlyContinue
        $shown.Model | Should -Be 'google/nano-banana-pro'
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*POST /v1/generation/google/nano-banana-pro*'
    }

    It 'tells what is known without a document, and from when' {
        $known = Get-AIImageEndpoint
        $known.Model | Should -Contain 'topaz/upscale/image'
        $known[0].Source | Should -BeLike '*2026-03-20*'
    }

    It 'fits a terminal of 80 columns' {
        $tables = (Get-AIImageEndpoint | Out-String -Width 80), ((Get-AIImageEndpoint $sample -Endpoint $order).Fields | Out-String -Width 80)
        ($tables -split '\r?\n' | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 80
        Get-AIImageEndpoint $sample -Endpoint $order | Out-String -Width 80 | Should -Match 'resolution.*1K, 2K, 4K'
    }

    It 'loads the reader of YAML only when there is some to read' {
        $has = "@([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name) -contains 'YamlDotNet'"
        $loaded = pwsh -NoProfile -Command "Import-Module '$(Join-Path $root output PSImageGen)'; `$null = Get-AIImageEndpoint; $has; `$null = Get-AIImageEndpoint '$sample'; $has"
        $loaded | Should -Be 'False', 'True'
    }
}

Describe 'Orders by a document' {
    BeforeEach {
        Clear-Vendor
        $env:SKILLS_VIDEO_OPENAPI = $sample
    }

    It 'sends what the document has fields for' {
        $result = New-AIImage 'a fox' -Provider SkillsVideo -Model google/nano-banana-pro -AspectRatio 3:2 -ProviderOption @{ resolution = '1K' } -Confirm:$false

        $result.Status | Should -Be Succeeded
        $sent = (Get-VendorRequest | Where-Object method -EQ POST).body
        "$($sent.prompt) $($sent.resolution) $($sent.aspect_ratio)" | Should -Be 'a fox 1K 3:2'
    }

    It 'refuses <Option> before anything is sent' -ForEach @(
        @{ Option = @{ ratio = '1:1' }; Said = '*aspect_ratio*' }
        @{ Option = @{ resolution = '3K' }; Said = '*1K, 2K, 4K*' }
        @{ Option = @{ image_urls = @('https://example.com/a.png') }; Said = '*-ReferenceImage*' }
    ) {
        $failure = Get-Failure { New-AIImage 'a fox' -Provider SkillsVideo -Model google/nano-banana-pro -ProviderOption $Option -Confirm:$false }

        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike $Said
        Get-VendorRequest | Should -BeNullOrEmpty
    }

    It 'says which limits the document leaves open' {
        $said = Measure-AIImageCost 'a fox' -Provider SkillsVideo -Model google/nano-banana-pro -Verbose 4>&1 | Out-String -Width 500
        $said | Should -Match 'does not say the longest prompt'
    }
}
