# Names that users and scripts rely on: parameters, their types, completion; and what the list of providers shows.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor
    Enter-Folder

    function Get-Completion([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
    }
}

AfterAll {
    Pop-Location
    Disconnect-Vendor
}

Describe 'Parameters' {
    It '<Command> -<Name> is a <Type>' -ForEach @(
        $generate = @{
            Prompt = 'String[]'; InputObject = 'Object'; NegativePrompt = 'String'; Style = 'String'; Count = 'Int32'; Size = 'String'; Resolution = 'String'; AspectRatio = 'String'; ExactSize = 'SwitchParameter'
            Quality = 'String'; Format = 'ImageFormat'; Background = 'ImageBackground'; Seed = 'Int64'; ReferenceImage = 'String[]'; ConsistencyMode = 'ConsistencyMode'; Character = 'Object'; ProviderOption = 'Hashtable'
            Provider = 'String'; Model = 'String'; UseCase = 'ImageUseCase'; PreferredProvider = 'String[]'; ProviderWeight = 'Hashtable'; FallbackOnUnknown = 'SwitchParameter'; OnlyPreferred = 'SwitchParameter'; BlockedProvider = 'String[]'
            OutputDirectory = 'String'; Name = 'String'; OutFile = 'String'; RunId = 'String'; BatchId = 'String'; MaxCost = 'Decimal'; AllowUnknownCost = 'SwitchParameter'
            ThrottleLimit = 'Int32'; TimeoutSec = 'Int32'; NoWait = 'SwitchParameter'; SavePartial = 'SwitchParameter'; NoMetadata = 'SwitchParameter'; HashMetadata = 'SwitchParameter'; Proxy = 'Uri'; ProxyCredential = 'PSCredential'; Force = 'SwitchParameter'
        }
        $spend = @{ WhatIf = 'SwitchParameter'; Confirm = 'SwitchParameter' }
        $change = $generate.Clone()
        $change.Prompt = 'String'
        $change += $spend + @{ Image = 'String[]'; LiteralPath = 'String[]' }
        $contract = @{
            'New-AIImage'          = $generate + $spend
            'Edit-AIImage'         = $change + @{ Mode = 'ImageEditMode'; Mask = 'String'; Strength = 'Double'; Left = 'Int32'; Right = 'Int32'; Up = 'Int32'; Down = 'Int32' }
            'Resize-AIImage'       = $change + @{ Scale = 'Int32' }
            'New-AIImageVariation' = $change + @{ Variance = 'Double' }
            'Convert-AIImageStyle' = $change + @{ StyleImage = 'String'; Strength = 'Double' }
            'Measure-AIImageCost'  = $generate + @{ Total = 'SwitchParameter'; Recorded = 'SwitchParameter'; All = 'SwitchParameter'; GroupBy = 'CostGrouping'; Since = 'DateTime'; Until = 'DateTime' }
            'Get-AIImageTask'      = @{ Status = 'ImageTaskStatus[]'; BatchId = 'String[]'; All = 'SwitchParameter'; TaskId = 'String[]'; RunId = 'String[]'; Orphaned = 'SwitchParameter'; OutputDirectory = 'String'; Proxy = 'Uri'; ProxyCredential = 'PSCredential' }
            'Resume-AIImageTask'   = $spend + @{ InputObject = 'Object[]'; RunId = 'String[]'; TaskId = 'String[]'; Path = 'String[]'; Provider = 'String'; OutputDirectory = 'String'; ThrottleLimit = 'Int32'; TimeoutSec = 'Int32'; Resubmit = 'SwitchParameter'; AllowUnknownCost = 'SwitchParameter'; Force = 'SwitchParameter'; Proxy = 'Uri'; ProxyCredential = 'PSCredential' }
            'Stop-AIImageTask'     = $spend + @{ InputObject = 'Object[]'; RunId = 'String[]'; TaskId = 'String[]'; OutputDirectory = 'String'; Proxy = 'Uri'; ProxyCredential = 'PSCredential' }
            'Remove-AIImageTask'   = $spend + @{ InputObject = 'Object[]'; RunId = 'String[]'; TaskId = 'String[]'; OutputDirectory = 'String'; IncludeArtifact = 'SwitchParameter'; Force = 'SwitchParameter' }
            'Set-AIImagePreference' = @{ Preferred = 'String[]'; Weight = 'Hashtable'; Blocked = 'String[]'; Default = 'Hashtable'; Budget = 'Hashtable'; Clear = 'String[]'; WhatIf = 'SwitchParameter'; Confirm = 'SwitchParameter' }
            'Get-AIImageMetadata'  = @{ Path = 'String[]'; LiteralPath = 'String[]'; InputObject = 'Object'; AsRequest = 'SwitchParameter' }
            'Get-AIImageModel'     = @{ Model = 'String[]'; Provider = 'String[]'; Operation = 'ImageOperation'; UseCase = 'ImageUseCase'; Proxy = 'Uri'; ProxyCredential = 'PSCredential' }
            'Get-AIImageProvider'  = @{ Provider = 'String[]' }
            'Get-AIImageCredential'    = @{ Provider = 'String[]' }
            'Set-AIImageCredential'    = $spend + @{ Provider = 'String'; Credential = 'SecureString'; Vault = 'String' }
            'Remove-AIImageCredential' = $spend + @{ Provider = 'String[]'; Vault = 'String' }
            'Test-AIImageCredential'   = @{ Provider = 'String[]'; Proxy = 'Uri'; ProxyCredential = 'PSCredential' }
            'Export-AIImageGallery' = @{ Path = 'String'; InputObject = 'Object'; OutputDirectory = 'String'; Title = 'String'; ThumbnailSize = 'Int32'; Force = 'SwitchParameter' } + $spend
            'New-AIImagePrompt'    = @{ Subject = 'String'; Style = 'String'; Composition = 'String'; Lighting = 'String'; Atmosphere = 'String'; NegativePrompt = 'String'; InputObject = 'Object' }
            'Test-AIImagePrompt'   = @{ Prompt = 'String[]'; NegativePrompt = 'String'; Provider = 'String'; Model = 'String'; UseCase = 'ImageUseCase'; InputObject = 'Object' }
            'Show-AIImage'         = @{ Path = 'String[]'; LiteralPath = 'String[]'; InputObject = 'Object'; Protocol = 'TerminalProtocol'; Width = 'Int32'; External = 'SwitchParameter' }
            'Register-AIImageProvider' = @{ Name = 'String'; OpenApi = 'String'; BaseUrl = 'Uri'; Credential = 'Object'; Endpoint = 'String[]'; PollEndpoint = 'String'; ResultEndpoint = 'String'; IdField = 'String[]'; StatusField = 'String[]'; OutputField = 'String[]'; ErrorField = 'String[]'; DoneWord = 'String[]'; FailedWord = 'String[]'; KeyHeader = 'String'; KeyPrefix = 'String'; KeyPage = 'Uri'; Price = 'Decimal'; Currency = 'String'; Force = 'SwitchParameter' }
            'Unregister-AIImageProvider' = @{ Name = 'String[]'; WhatIf = 'SwitchParameter'; Confirm = 'SwitchParameter' }
            'Get-AIImageBalance'   = @{ Provider = 'String[]'; Proxy = 'Uri'; ProxyCredential = 'PSCredential' }
        }
        foreach ($command in $contract.Keys) {
            foreach ($name in $contract[$command].Keys) {
                @{ Command = $command; Name = $name; Type = $contract[$command][$name] }
            }
        }
    ) {
        (Get-Command $Command).Parameters[$Name].ParameterType.Name | Should -Be $Type
    }

    It '<_> says what it gives, and needs no quotes around its first word' -ForEach @(
        'New-AIImage', 'Edit-AIImage', 'Resize-AIImage', 'New-AIImageVariation', 'Convert-AIImageStyle', 'New-AICharacterSheet', 'Measure-AIImageCost', 'Get-AIImageTask', 'Resume-AIImageTask', 'Get-AIImageProvider', 'Get-AIImageModel', 'Get-AIImageBalance', 'New-AIImagePrompt', 'Test-AIImagePrompt'
    ) {
        $command = Get-Command $_

        $command.OutputType.Name | Should -Not -BeNullOrEmpty
        $command.OutputType.Name | ForEach-Object { $_ | Should -BeLike 'PSImageGen.*' }
        @($command.ParameterSets | Where-Object { $_.Parameters.Position -contains 0 }) | Should -Not -BeNullOrEmpty
    }

    It '<_> asks before paid calls as something that cannot be undone' -ForEach 'New-AIImage', 'Edit-AIImage', 'Resize-AIImage', 'New-AIImageVariation', 'Convert-AIImageStyle', 'New-AICharacterSheet' {
        $attribute = (Get-Command $_).ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)

        $attribute.SupportsShouldProcess | Should -BeTrue
        $attribute.ConfirmImpact | Should -Be 'High'
    }

    It 'keeps to <Name> from 1 to its limit' -ForEach @(
        @{ Name = 'ThrottleLimit'; Call = { New-AIImage x -Provider Demo -ThrottleLimit 0 } }
        @{ Name = 'TimeoutSec'; Call = { Resume-AIImageTask x -TimeoutSec 0 } }
    ) {
        (Get-Failure $Call).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError,*'
    }
}

Describe 'Pages' {
    It '<_> has a page that tells of each of its parameters, and of no other' -ForEach (Import-PowerShellDataFile (Join-Path $PSScriptRoot .. .. PSImageGen.psd1)).CmdletsToExport {
        $page = Get-Content -Raw (Join-Path $root docs en-US "$_.md")
        $told = [regex]::Matches($page, '(?m)^### -(\w+)\r?\n\r?\n[^`{]').ForEach({ $_.Groups[1].Value })

        $told | Sort-Object | Should -Be ((Get-Command $_).Parameters.Keys | Where-Object { $_ -notin [Management.Automation.PSCmdlet]::CommonParameters } | Sort-Object)
        $page | Should -Not -Match '\{\{'
        [regex]::Matches($page, '(?m)^### Example').Count | Should -BeGreaterOrEqual 3
    }
}

Describe 'Topics' {
    It '<_> is found by Get-Help and fits into a window of 80 columns' -ForEach 'about_PSImageGen', 'about_PSImageGen_Costs', 'about_PSImageGen_Credentials', 'about_PSImageGen_Pictures', 'about_PSImageGen_Providers', 'about_PSImageGen_Resume' {
        Get-Help $_ | Should -Match 'LONG DESCRIPTION'
        Get-Content (Join-Path $root module en-US "$_.help.txt") | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }

    It 'name no topic and no command that is not there' {
        $words = Get-Content (Join-Path $root module en-US *.help.txt) -Raw
        $topics = [regex]::Matches($words, 'about_PSImageGen\w*').Value | Sort-Object -Unique
        $topics | ForEach-Object { Join-Path $root module en-US "$_.help.txt" | Should -Exist }
        [regex]::Matches($words, '\b[A-Z][a-z]+-AI(Image|Character)\w*').Value | Sort-Object -Unique | ForEach-Object { Get-Command $_ -ErrorAction Ignore | Should -Not -BeNullOrEmpty -Because "$_ is spoken of" }
    }

    It 'names each provider and where its key comes from' {
        $words = "$(Get-Help about_PSImageGen_Providers)"
        foreach ($provider in Get-AIImageProvider) {
            $words | Should -MatchExactly "\b$($provider.Provider)\b"
            $provider.CredentialNames | ForEach-Object { $words | Should -MatchExactly "\b$_\b" }
        }
    }
}

Describe 'Completion' {
    It 'offers the providers' {
        Get-Completion 'New-AIImage x -Provider ' | Should -Be 'Demo', 'OpenAI', 'Stability', 'BFL', 'Fal', 'Replicate', 'OpenRouter', 'StableDiffusion', 'CreatOK', 'SkillsVideo', 'WellAPI'
        Get-Completion 'New-AIImage x -Provider o' | Should -Be 'OpenAI', 'OpenRouter'
        Get-Completion 'Get-AIImageProvider ' | Should -Contain 'BFL'
        Get-Completion 'New-AIImage x -PreferredProvider b' | Should -Be 'BFL'
    }

    It 'offers the models of the provider, and none that is gone' {
        $all = Get-Completion 'New-AIImage x -Model '
        $all | Should -Contain 'flux-2-pro'
        $all | Should -Contain 'gpt-image-2'
        $all | Should -Not -Contain 'dall-e-3'
        $some = Get-Completion 'New-AIImage x -Provider BFL -Model '
        $some | Should -Contain 'flux-2-pro'
        $some | Should -Not -Contain 'gpt-image-2'
    }

    It 'offers the sizes of the model' {
        Get-Completion 'New-AIImage x -Model gpt-image-1.5 -Size ' | Should -Be '1024x1024', '1536x1024', '1024x1536'
        Get-Completion 'Measure-AIImageCost x -Size 15' | Should -Contain '1536x1024'
    }

    It 'offers qualities, ratios, resolutions, formats and states' {
        Get-Completion 'New-AIImage x -Provider OpenAI -Quality ' | Should -Contain 'medium'
        Get-Completion 'New-AIImage x -AspectRatio 16' | Should -Be '16:9'
        Get-Completion 'New-AIImage x -Resolution ' | Should -Be '1K', '2K', '4K'
        Get-Completion 'New-AIImage x -Format w' | Should -Be 'Webp'
        Get-Completion 'Get-AIImageTask -Status Run' | Should -Be 'Running'
    }

    It 'offers unfinished runs and their tasks' {
        $task = New-AIImage 'a fox' -Provider BFL -NoWait

        Get-Completion 'Resume-AIImageTask -RunId ' | Should -Contain $task.RunId
        Get-Completion 'Get-AIImageTask -TaskId ' | Should -Contain $task.TaskId
    }

    It 'offers the runs of the folder, their batches and their styles, and quotes what needs it' {
        $run = New-AIImage 'a fox' -Provider Demo -Size 64x64 -Style 'like a child''s drawing' -BatchId herd -OutputDirectory runs

        Get-Completion 'Remove-AIImageTask -OutputDirectory runs -RunId ' | Should -Contain $run.RunId
        Get-Completion 'Remove-AIImageTask -RunId ' | Should -Not -Contain $run.RunId
        Get-Completion 'Get-AIImageTask -OutputDirectory runs -BatchId he' | Should -Be 'herd'
        Get-Completion 'New-AIImage x -OutputDirectory runs -Style like' | Should -Be "'like a child''s drawing'"
        Get-Completion 'New-AIImage x -Style oil' | Should -Be "'oil painting'"
    }

    It 'stays silent where it cannot know' {
        Get-Completion 'New-AIImage x -Provider Nobody -Model zzz' | Should -BeNullOrEmpty
        Get-VendorRequest | Where-Object method -eq GET | Should -BeNullOrEmpty
    }
}

Describe 'Get-AIImageProvider' {
    It 'tells of each whether and from where it has a key, and never the key' {
        $providers = Get-AIImageProvider
        $openAI = $providers | Where-Object Provider -eq OpenAI

        $providers.Provider | Should -Be 'Demo', 'OpenAI', 'Stability', 'BFL', 'Fal', 'Replicate', 'OpenRouter', 'StableDiffusion', 'CreatOK', 'SkillsVideo', 'WellAPI'
        ($providers | Where-Object Free).Provider | Should -Be 'Demo', 'StableDiffusion'
        $openAI.Configured | Should -BeTrue
        $openAI.CredentialSource | Should -BeLike '*OPENAI_API_KEY*'
        "$($openAI.BaseUrl)" | Should -BeLike "$env:FAKE_ORIGIN*"
        $openAI.Operations | Should -Contain 'Generate'
        $shown = ($providers | Format-List * -Force | Out-String -Width 500) + ($providers | Format-Table * | Out-String -Width 500) + ($providers | ConvertTo-Json -Depth 5)
        $shown | Should -Not -BeLike "*$env:OPENAI_API_KEY*"
        $shown | Should -Not -BeLike "*$env:BFL_API_KEY*"
    }

    It 'tells that a key is missing' {
        $key = $env:BFL_API_KEY
        try {
            $env:BFL_API_KEY = $null
            $bfl = Get-AIImageProvider BFL
            $bfl.Configured | Should -BeFalse
            $bfl.CredentialSource | Should -BeNullOrEmpty
            $bfl.CredentialNames | Should -Be 'BFL_API_KEY'
            "$($bfl.KeyPage)" | Should -BeLike 'https://*'
        }
        finally {
            $env:BFL_API_KEY = $key
        }
    }

    It 'takes wildcards, and names the known ones for an unknown' {
        (Get-AIImageProvider o*).Provider | Should -Be 'OpenAI', 'OpenRouter'
        'demo', 'bfl' | Get-AIImageProvider | ForEach-Object Provider | Should -Be 'Demo', 'BFL'
        Get-AIImageProvider x* | Should -BeNullOrEmpty
        $failure = Get-Failure { Get-AIImageProvider Nobody }
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*OpenAI*'
    }
}
