# What the accounts have left, and what is said when there is no key or no money.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor
    Enter-Folder
}

AfterAll {
    Pop-Location
    Disconnect-Vendor
}

Describe 'Get-AIImageBalance' {
    BeforeEach { Clear-Vendor }

    It 'asks all that are paid for and have a key, and those alone' {
        $all = Get-AIImageBalance

        $all.Provider | Should -Be 'OpenAI', 'BFL'
        $all[1].Amount | Should -Be 100
        $all[1].Currency | Should -Be 'USD'
        $all[0].Amount | Should -BeNullOrEmpty
        $all[0].Note | Should -BeLike '*does not tell*'
        "$($all[0].AccountPage)" | Should -BeLike 'https://*'
        (Get-VendorRequest).method | Should -Be 'GET'
    }

    It 'tells what a picture took' {
        $before = (Get-AIImageBalance BFL).Amount
        $result = New-AIImage 'a fox' -Provider BFL -Size 64x64

        (Get-AIImageBalance BFL).Amount | Should -Be ($before - $result.Cost)
    }

    It 'takes names, wildcards and providers' {
        (Get-AIImageBalance b*).Provider | Should -Be 'BFL'
        ('BFL', 'Demo' | Get-AIImageBalance).Provider | Should -Be 'BFL', 'Demo'
        (Get-AIImageProvider BFL | Get-AIImageBalance).Provider | Should -Be 'BFL'
        Get-AIImageBalance s* | Should -BeNullOrEmpty
        (Get-AIImageBalance Demo).Note | Should -BeLike '*nothing*'
    }

    It 'fits a terminal of 80 columns' {
        $lines = (Get-AIImageBalance | Out-String -Width 80) -split '\r?\n'
        ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines | Should -Contain ($lines -match '^BFL +100 +USD')[0]
    }

    It 'says where to get a key, where none is set' {
        $failure = Get-Failure { Get-AIImageBalance SkillsVideo }

        $failure.FullyQualifiedErrorId | Should -BeLike 'CredentialMissing,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*https://skills.video/dashboard/developer*$env:SKILLS_VIDEO_API_KEY*'
        Get-VendorRequest | Should -BeNullOrEmpty
    }

    It 'says what is wrong with a key, names unknown providers, and goes on with the others' {
        Add-Fault @{ vendor = 'BFL'; stage = 'Query'; kind = 'Status'; status = 401 }

        (Get-Failure { Get-AIImageBalance BFL }).FullyQualifiedErrorId | Should -BeLike 'AuthenticationFailed,*'
        (Get-AIImageBalance Nobody, OpenAI -ErrorAction SilentlyContinue -ErrorVariable said).Provider | Should -Be 'OpenAI'
        $said.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
    }

    It 'says so where nobody has a key' {
        $kept = @{ }
        foreach ($name in 'OPENAI_API_KEY', 'BFL_API_KEY') {
            $kept[$name] = (Get-Item "Env:$name").Value
            Remove-Item "Env:$name"
        }

        try {
            (Get-Failure { Get-AIImageBalance }).FullyQualifiedErrorId | Should -BeLike 'NoProvider,*'
        }
        finally {
            $kept.Keys | ForEach-Object { Set-Item "Env:$_" $kept[$_] }
        }
    }
}

Describe 'A call' {
    It 'without a key says in one message where to get one and what to type' {
        $failure = Get-Failure { New-AIImage 'a fox' -Provider SkillsVideo }

        $failure.FullyQualifiedErrorId | Should -BeLike 'CredentialMissing,*'
        "$failure" | Should -BeLike '*SKILLS_VIDEO_API_KEY*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike 'Get a key at https://skills.video/dashboard/developer*'
    }

    It 'from an empty account is sent once, and says where to recharge' {
        Clear-Vendor
        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Status'; status = 402 }
        $failure = Get-Failure { New-AIImage 'a fox' -Provider BFL -Size 64x64 }

        $failure.FullyQualifiedErrorId | Should -BeLike 'InsufficientCredits,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*https://dashboard.bfl.ai*'
        @(Get-VendorRequest | Where-Object method -EQ POST).Count | Should -Be 1
    }
}
