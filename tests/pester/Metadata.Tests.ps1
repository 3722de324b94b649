# What picture files remember: Get-AIImageMetadata, -AsRequest, -NoMetadata, -HashMetadata and the stored default.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    $PSDefaultParameterValues['Edit-AIImage:Confirm'] = $false
    Connect-Vendor
}

AfterAll { Disconnect-Vendor }

Describe 'Get-AIImageMetadata' {
    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $fox = New-AIImage 'a fox' -NegativePrompt text -Provider OpenAI -Model gpt-image-1.5 -Size 1024x1024 -Quality low -Name fox -OutputDirectory pictures
    }

    AfterEach { Pop-Location }

    It 'takes <Form>' -ForEach @(
        @{ Form = 'a path'; Call = { Get-AIImageMetadata pictures/fox.png } }
        @{ Form = 'a wildcard'; Call = { Get-AIImageMetadata pictures/*.png } }
        @{ Form = 'a literal path'; Call = { Get-AIImageMetadata -LiteralPath pictures/fox.png } }
        @{ Form = 'a piped path'; Call = { 'pictures/fox.png' | Get-AIImageMetadata } }
        @{ Form = 'a file'; Call = { Get-ChildItem pictures -File | Get-AIImageMetadata } }
        @{ Form = 'a row'; Call = { [pscustomobject]@{ Path = 'pictures/fox.png'; Note = 'x' } | Get-AIImageMetadata } }
        @{ Form = 'a result'; Call = { $fox | Get-AIImageMetadata } }
    ) {
        $told = & $Call

        $told | Should -HaveCount 1
        $told | Should -BeOfType PSImageGen.ImageMetadata
        $told.Path | Should -Be $fox.Path
        $told.Source, $told.Prompt, $told.Provider, $told.Model, $told.RunId | Should -Be 'File', 'a fox', 'OpenAI', 'gpt-image-1.5', $fox.RunId
        $told.Sha256 | Should -Be $fox.Images[0].Sha256
        $told.Cost | Should -BeGreaterThan 0
    }

    It 'tells of each picture of a result' {
        (New-AIImage 'two' -Provider Demo -Size 64x64 -Count 2 -Seed 5 | Get-AIImageMetadata).Seed | Should -Be 5, 6
    }

    It 'still knows a picture that was moved away, and says where it read it' {
        $moved = Join-Path $TestDrive moved.png
        Copy-Item $fox.Path $moved

        (Get-AIImageMetadata $moved).Prompt | Should -Be 'a fox'
        (Get-AIImageMetadata $moved).Source | Should -Be 'File'
    }

    It 'gives an error for what is no picture, and goes on with the others' {
        Set-Content pictures/no.png 'no picture'

        $given = Get-Stream { Get-AIImageMetadata pictures/no.png, pictures/gone.png, pictures/fox.png }

        $given.Errors.FullyQualifiedErrorId | Should -Be (@('InvalidImage,PSImageGen.Commands.GetAIImageMetadataCommand') * 2)
        $given.Objects.Prompt | Should -Be 'a fox'
    }

    It 'gives with -AsRequest the parameters of the call, to be splatted or piped' {
        $request = Get-AIImageMetadata pictures/fox.png -AsRequest

        $request.Keys | Should -Be 'Prompt', 'Provider', 'Model', 'NegativePrompt', 'Size', 'Quality'
        (New-AIImage @request -OutputDirectory again).Quote.Quality | Should -Be 'low'
        $given = Get-Stream { $request | New-AIImage -OutputDirectory again }
        $given.Objects.Model | Should -Be 'gpt-image-1.5'
        $given.Warnings | Should -BeNullOrEmpty
        (Get-Order | Select-Object -Unique body) | Should -HaveCount 1
    }

    It 'rebuilds an edit with the picture that went in, and warns when that is gone' {
        $night = Get-Item pictures/fox.png | Edit-AIImage 'at night' -Provider Demo -Strength 0.5 -OutputDirectory pictures

        $request = $night | Get-AIImageMetadata -AsRequest
        $request.Image, $request.Mode, $request.Strength | Should -Be $fox.Path, 'Img2Img', 0.5
        (Edit-AIImage @request -OutputDirectory again).Parents.Sha256 | Should -Be $fox.Images[0].Sha256

        Remove-Item $fox.Path
        $given = Get-Stream { Get-AIImageMetadata $night.Path -AsRequest }
        $given.Objects.Contains('Image') | Should -BeFalse
        $given.Warnings | Should -Match $fox.Images[0].Sha256
    }

    It 'rebuilds an exact size, splatted or piped' {
        $null = New-AIImage 'a banner' -Provider OpenAI -Model gpt-image-1.5 -Size 300x100 -ExactSize -Name banner

        $request = Get-AIImageMetadata banner.png -AsRequest
        $given = Get-Stream { New-AIImage @request -OutputDirectory again; $request | New-AIImage -OutputDirectory again }
        $given.Objects.ForEach({ "$($_.Images[0].Width)x$($_.Images[0].Height)" }) | Should -Be '300x100', '300x100'
        $given.Warnings | Should -BeNullOrEmpty
    }

    It 'makes the same pixels again at a provider that can' {
        $first = New-AIImage 'a hare' -Provider Demo -Size 96x64 -Seed 7 -Name hare
        $request = Get-AIImageMetadata hare.png -AsRequest

        $again = New-AIImage @request -Name again -NoMetadata
        (New-AIImage 'a hare' -Provider Demo -Size 96x64 -Seed 7 -NoMetadata).Images[0].Sha256 | Should -Be $again.Images[0].Sha256
        $first.Images[0].Sha256 | Should -Not -Be $again.Images[0].Sha256
    }
}

Describe 'What is kept to oneself' {
    BeforeEach { Enter-Folder }

    AfterEach {
        Set-AIImagePreference -Clear Defaults
        Pop-Location
    }

    It '<Case>' -ForEach @(
        @{ Case = '-NoMetadata adds nothing'; Options = @{ NoMetadata = $true }; Words = $false; Hash = $false }
        @{ Case = '-HashMetadata adds hashes only'; Options = @{ HashMetadata = $true }; Words = $false; Hash = $true }
        @{ Case = 'a stored default counts where nothing is said'; Stored = 'hashes'; Options = @{}; Words = $false; Hash = $true }
        @{ Case = 'the command line goes before what is stored'; Stored = 'none'; Options = @{ NoMetadata = $false }; Words = $true; Hash = $true }
        @{ Case = 'without a word everything is kept'; Options = @{}; Words = $true; Hash = $true }
    ) {
        if ($Stored) {
            Set-AIImagePreference -Default @{ Metadata = $Stored }
        }

        $null = New-AIImage 'a secret fox' -Provider Demo -Size 64x64 -Name fox @Options

        $moved = Join-Path $TestDrive moved.png
        Copy-Item fox.png $moved
        $told = Get-AIImageMetadata $moved
        $told.Prompt | Should -Be ($Words ? 'a secret fox' : $null)
        [bool] $told.PromptSha256 | Should -Be $Hash
        [Text.Encoding]::UTF8.GetString([IO.File]::ReadAllBytes($moved)).Contains('secret') | Should -Be $Words
    }

    It 'takes one of the two switches, not both' {
        (Get-Failure { New-AIImage x -Provider Demo -NoMetadata -HashMetadata }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
    }

    It 'refuses a stored word that means nothing' {
        (Get-Failure { Set-AIImagePreference -Default @{ Metadata = 'some' } }).Exception.Message | Should -Match 'full, hashes, none'
    }

    It 'says when only a hash is left to rebuild a call from' {
        $null = New-AIImage 'a secret fox' -Provider Demo -Size 64x64 -Name fox -HashMetadata
        $moved = Join-Path $TestDrive moved.png
        Copy-Item fox.png $moved

        (Get-Failure { Get-AIImageMetadata $moved -AsRequest }).Exception.Message | Should -Match 'hash'
        (Get-AIImageMetadata fox.png -AsRequest).Prompt | Should -Be 'a secret fox'
    }
}
