# Looking at pictures: what Show-AIImage takes and says where there is no terminal, and the system's viewer.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor
    Enter-Folder
    $result = New-AIImage 'a fox' -Provider Demo -Size 64x64 -Count 2 -Name fox
}

AfterAll {
    Pop-Location
    Disconnect-Vendor
}

Describe 'Show-AIImage' {
    It 'takes <Name>' -ForEach @(
        @{ Name = 'results'; Call = { $result | Show-AIImage }; Pictures = 2 }
        @{ Name = 'results that came from elsewhere'; Call = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($result, 4)) | Show-AIImage }; Pictures = 2 }
        @{ Name = 'one picture of a result'; Call = { $result.Images[1] | Show-AIImage }; Pictures = 1 }
        @{ Name = 'tasks'; Call = { Get-AIImageTask | Show-AIImage }; Pictures = 2 }
        @{ Name = 'files'; Call = { Get-Item fox-1.png | Show-AIImage }; Pictures = 1 }
        @{ Name = 'texts'; Call = { 'fox-1.png', 'fox-2.png' | Show-AIImage }; Pictures = 2 }
        @{ Name = 'wildcards'; Call = { Show-AIImage *.png }; Pictures = 2 }
        @{ Name = 'literal paths'; Call = { Show-AIImage -LiteralPath fox-2.png }; Pictures = 1 }
        @{ Name = 'rows with a Path'; Call = { [pscustomobject]@{ Path = 'fox-1.png' } | Show-AIImage }; Pictures = 1 }
    ) {
        $said = @(& $Call 6>&1)

        $said.Count | Should -Be $Pictures
        $said | ForEach-Object { "$_" | Should -Match 'fox-[12]\.png  64x64$' }
        & $Call 6>$null | Should -BeNullOrEmpty
    }

    It 'says what is no picture, and goes on' {
        Set-Content words.png 'words'
        $failure = Get-Failure { 'words.png', 'nowhere.png', 'fox-1.png' | Show-AIImage 6>$null }

        $failure.Count | Should -Be 2
        $failure.FullyQualifiedErrorId | ForEach-Object { $_ | Should -BeLike 'InvalidImage,*' }
        $failure.TargetObject | Should -Be 'words.png', 'nowhere.png'
        (Get-Failure { 5 | Show-AIImage }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
    }

    It 'says it in Chinese too' {
        Set-Content words.png 'words'
        $before = [cultureinfo]::CurrentUICulture
        try {
            [cultureinfo]::CurrentUICulture = 'zh-CN'
            "$(Get-Failure { [pscustomobject]@{ Name = 'x' } | Show-AIImage })" | Should -Match '[\u4e00-\u9fff]'
        }
        finally {
            [cultureinfo]::CurrentUICulture = $before
        }
    }

    It 'opens the system''s viewer, and nothing that is not named as the picture it is' -Skip:(-not $IsLinux) {
        $bin = New-Item -ItemType Directory bin -Force
        Set-Content (Join-Path $bin xdg-open) "#!/bin/sh`necho `"`$1`" >> '$PWD/opened'"
        chmod +x (Join-Path $bin xdg-open)
        $before = $env:PATH
        try {
            $env:PATH = "${bin}:$before"
            Show-AIImage fox-1.png -External
            Copy-Item fox-1.png fox.desktop
            (Get-Failure { Show-AIImage fox.desktop -External }).FullyQualifiedErrorId | Should -BeLike 'InvalidImage,*'
        }
        finally {
            $env:PATH = $before
        }

        for ($i = 0; -not (Test-Path opened) -and $i -lt 100; $i++) { Start-Sleep -Milliseconds 100 }
        Get-Content opened | Should -Be (Join-Path $PWD fox-1.png)
    }
}
