# A vendor nobody wrote code for: registered from its document, used by all commands, and forgotten.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor
    Enter-Folder
    $document = "$env:FAKE_ORIGIN/easel/openapi.yaml"
    $words = @{ DoneWord = 'dried'; FailedWord = 'torn'; Confirm = $false }

    function Get-Completion([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
    }
}

AfterAll {
    Pop-Location
    Disconnect-Vendor
}

Describe 'Register-AIImageProvider' {
    BeforeEach {
        Clear-Vendor
        $env:EASEL_API_KEY = 'easel-fake-90c3d7a15e42'
        Remove-Item (Join-Path $env:PSIMAGEGEN_STATE providers), (Join-Path $env:PSIMAGEGEN_STATE keys) -Recurse -ErrorAction Ignore
    }

    It 'goes from a document to a picture in two commands' {
        $info = Register-AIImageProvider Easel $document @words
        $result = New-AIImage 'a lighthouse' -Provider Easel -Count 2 -Confirm:$false

        $info.Provider | Should -Be 'Easel'
        $info.Origin | Should -Be $document
        $info.Configured | Should -BeTrue
        $result.Status | Should -Be 'Succeeded'
        $result.Images | ForEach-Object { (Get-PictureFact $_.Path).Whole | Should -BeTrue }
        (Get-VendorRequest | Where-Object billed).Count | Should -Be 1
    }

    It 'reads a file, found from the current folder' {
        Invoke-WebRequest $document -OutFile easel.yaml
        (Register-AIImageProvider Easel ./easel.yaml -BaseUrl $env:EASEL_BASE_URL @words).Origin | Should -Be (Join-Path $PWD easel.yaml)

        (New-AIImage 'a lighthouse' -Model sketches -Confirm:$false).Provider | Should -Be 'Easel'
        (Get-Failure { Register-AIImageProvider Other ./easel.yaml @words }).ErrorDetails.RecommendedAction | Should -BeLike '*-BaseUrl*'
    }

    It 'serves all commands: models, quotes, preferences, completion, fallback' {
        $null = Register-AIImageProvider Easel $document @words -Price 0.02
        (Get-AIImageProvider).Provider | Should -Contain 'Easel'
        (Get-AIImageModel -Provider Easel).Model | Should -Be 'easel-oil', 'easel-chalk', 'sketches'
        (Measure-AIImageCost 'a fox' -Provider Easel -Count 3).Amount | Should -Be 0.06
        Get-Completion 'New-AIImage x -Provider Ea' | Should -Be 'Easel'
        Get-Completion 'New-AIImage x -Provider Easel -Model e' | Should -Be 'easel-oil', 'easel-chalk'
        Get-Completion 'Unregister-AIImageProvider ' | Should -Be 'Easel'
        (Get-AIImageBalance Easel).Note | Should -BeLike '*does not tell*'

        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Status'; status = 402 }
        $result = New-AIImage 'a fox' -PreferredProvider BFL, Easel -OnlyPreferred -Confirm:$false -WarningAction SilentlyContinue
        $result.Provider | Should -Be 'Easel'
    }

    It 'asks before it pays, knows no price unless told, and holds a budget' {
        $null = Register-AIImageProvider Easel $document @words

        (Measure-AIImageCost 'a fox' -Provider Easel).Amount | Should -BeNullOrEmpty
        (Get-Failure { New-AIImage 'a fox' -Provider Easel -MaxCost 1 -Confirm:$false }).FullyQualifiedErrorId | Should -BeLike 'BudgetExceeded,*'
        (Get-VendorRequest | Where-Object method -EQ POST) | Should -BeNullOrEmpty
    }

    It 'says before paying which options there are' {
        $null = Register-AIImageProvider Easel $document @words

        (Get-Failure { New-AIImage x -Provider Easel -ProviderOption @{ grain = 'fine' } -Confirm:$false }).ErrorDetails.RecommendedAction | Should -BeLike '*canvas.grain*'
        (Get-Failure { New-AIImage x -Provider Easel -ProviderOption @{ 'canvas.grain' = 'rough' } -Confirm:$false }).ErrorDetails.RecommendedAction | Should -BeLike '*coarse*'
        (Get-VendorRequest | Where-Object method -EQ POST) | Should -BeNullOrEmpty
    }

    It 'keeps a key apart and shows it nowhere' {
        $env:EASEL_API_KEY = $null
        $key = [Net.NetworkCredential]::new('', 'easel-fake-90c3d7a15e42').SecurePassword
        $said = Register-AIImageProvider Easel $document @words -Credential $key -Verbose 4>&1
        $result = New-AIImage 'a fox' -Provider Easel -Confirm:$false

        $result.Status | Should -Be 'Succeeded'
        $said | Out-String | Should -Not -BeLike '*90c3d7a15e42*'
        Get-Content -Raw (Join-Path $env:PSIMAGEGEN_STATE providers easel.json) | Should -Not -BeLike '*90c3d7a15e42*'
        (Get-AIImageProvider Easel).CredentialSource | Should -BeLike 'file: *'

        # For another host the key is forgotten; nobody gets another vendor's.
        $null = Register-AIImageProvider Easel $document @words -BaseUrl https://elsewhere.example/v2 -Force
        (Get-AIImageProvider Easel).Configured | Should -BeFalse
    }

    It 'takes the name of a variable, but never another vendor''s, and no key in plain text' {
        $env:MY_DESK_KEY = $env:EASEL_API_KEY
        try {
            $null = Register-AIImageProvider Easel $document @words -Credential MY_DESK_KEY
            (New-AIImage 'a fox' -Provider Easel -Confirm:$false).Status | Should -Be 'Succeeded'
        }
        finally {
            $env:MY_DESK_KEY = $null
        }

        (Get-Failure { Register-AIImageProvider Other $document @words -Credential OPENAI_API_KEY }).Exception.Message | Should -BeLike '*OpenAI*'
        (Get-Failure { Register-AIImageProvider Skills_Video $document @words }).Exception.Message | Should -BeLike '*SkillsVideo*'
        "$(Get-Failure { Register-AIImageProvider Other $document @words -Credential 'sk-secret-1' })" | Should -Not -BeLike '*sk-secret-1*'
    }

    It 'refuses <Case>, and keeps nothing' -ForEach @(
        @{ Case = 'a name that is taken'; Id = 'InvalidRequest'; Call = { Register-AIImageProvider OpenAI $document @words } }
        @{ Case = 'a name that is a path'; Id = 'InvalidRequest'; Call = { Register-AIImageProvider ../x $document @words } }
        @{ Case = 'a document that is not there'; Id = 'InvalidRequest'; Call = { Register-AIImageProvider Easel ./nothing.yaml @words } }
        @{ Case = 'a page that is no document'; Id = '*'; Call = { Register-AIImageProvider Easel "$env:FAKE_ORIGIN/easel/nothing" @words } }
        @{ Case = 'states without an end'; Id = 'InvalidRequest'; Call = { Register-AIImageProvider Easel $document -Confirm:$false } }
        @{ Case = 'an endpoint that is not there'; Id = 'NotFound'; Call = { Register-AIImageProvider Easel $document @words -Endpoint 'POST /paint' } }
        @{ Case = 'an open address'; Id = 'InvalidRequest'; Call = { Register-AIImageProvider Easel $document @words -BaseUrl http://easel.example } }
    ) {
        (Get-Failure $Call).FullyQualifiedErrorId | Should -BeLike "$Id,*"
        Join-Path $env:PSIMAGEGEN_STATE providers | Should -Not -Exist
    }

    It 'shows with -WhatIf what it would do, and registers anew only with -Force' {
        Register-AIImageProvider Easel $document -DoneWord dried -FailedWord torn -WhatIf
        Join-Path $env:PSIMAGEGEN_STATE providers | Should -Not -Exist
        $null = Register-AIImageProvider Easel $document @words
        (Get-Failure { Register-AIImageProvider easel $document @words }).ErrorDetails.RecommendedAction | Should -BeLike '*-Force*'
        (Register-AIImageProvider easel $document @words -Force).Provider | Should -Be 'easel'
        @(Get-AIImageProvider e*).Count | Should -Be 1
    }
}

Describe 'Unregister-AIImageProvider' {
    BeforeEach {
        Clear-Vendor
        $env:EASEL_API_KEY = 'easel-fake-90c3d7a15e42'
        $null = Register-AIImageProvider Easel $document @words -Force
    }

    It 'forgets it, with a way back for what is unfinished' {
        $task = New-AIImage 'a fox' -Provider Easel -NoWait -Confirm:$false
        Unregister-AIImageProvider Easel -Confirm:$false -WarningVariable said -WarningAction SilentlyContinue

        "$said" | Should -BeLike '1 unfinished*'
        (Get-AIImageProvider).Provider | Should -Not -Contain 'Easel'
        $failure = Get-Failure { Resume-AIImageTask $task.RunId }
        $failure.FullyQualifiedErrorId | Should -BeLike 'NoProvider,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "*Register-AIImageProvider -Name Easel*Resume-AIImageTask -RunId $($task.RunId)"
        $null = Register-AIImageProvider Easel $document @words
        (Resume-AIImageTask $task.RunId).Status | Should -Be 'Succeeded'
    }

    It 'takes what was listed, and leaves what is built in' {
        Get-AIImageProvider Easel | Unregister-AIImageProvider -Confirm:$false
        (Get-Failure { Unregister-AIImageProvider Easel }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        (Get-Failure { Unregister-AIImageProvider OpenAI }).ErrorDetails.RecommendedAction | Should -BeLike '*built in*'
    }

    It 'says that one cannot be read, and forgets it all the same' {
        Set-Content (Join-Path $env:PSIMAGEGEN_STATE providers easel.json) '{'

        (Get-AIImageProvider -ErrorAction SilentlyContinue -ErrorVariable said).Provider | Should -Contain 'OpenAI'
        $said[0].FullyQualifiedErrorId | Should -BeLike 'RecordInvalid,*'
        (Get-Failure { New-AIImage x -Provider Easel }).FullyQualifiedErrorId | Should -BeLike 'RecordInvalid,*'
        (New-AIImage x -Provider Demo).Status | Should -Be 'Succeeded'
        Unregister-AIImageProvider Easel -Confirm:$false
        (Get-AIImageProvider).Provider | Should -Not -Contain 'Easel'
    }
}
